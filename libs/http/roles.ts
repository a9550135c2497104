import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Role } from '#config/schema';
import type { Principal } from '#http/api-key-ring';

export const rolesKey = 'makewhole:roles';
export const publicKey = 'makewhole:public';

/** Any one of these roles may call. A route with neither `@Roles` nor `@Public` answers nobody. */
export const Roles = (...roles: readonly [Role, ...Role[]]) => SetMetadata(rolesKey, roles);

/** Anybody may call: health, metrics, documentation. */
export const Public = () => SetMetadata(publicKey, true);

/**
 * What a role may do beside its own: reading is part of every role that works on cases; an admin may do everything but what needs the
 * emergency right, which is given by name.
 */
const includes: Readonly<Record<Role, readonly Role[]>> = {
  viewer: [],
  investigator: ['viewer'],
  approver: ['viewer'],
  admin: ['viewer', 'investigator', 'approver', 'ingest'],
  ingest: [],
  emergency: ['viewer'],
};

export const mayAct = (principal: Principal, needed: readonly Role[]): boolean =>
  principal.roles.some((role) => needed.includes(role) || includes[role].some((included) => needed.includes(included)));

const principals = new WeakMap<Request, Principal>();
export const setPrincipal = (request: Request, principal: Principal): void => void principals.set(request, principal);

/** The caller of a guarded route. */
export function principalOf(request: Request): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error('this route is public: it has no principal');
  return principal;
}

/** `@Caller() caller: Principal` */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  principalOf(context.switchToHttp().getRequest<Request>()),
);
