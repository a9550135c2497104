import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import type { Role } from '#config/schema';
import type { ApiKeyRing } from '#http/api-key-ring';
import { ProblemException } from '#http/problem';
import { mayAct, publicKey, rolesKey, setPrincipal } from '#http/roles';

/** Lets a request pass when its API key has one of the route's roles. Deny by default. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  private readonly reflector = new Reflector();

  constructor(private readonly ring: ApiKeyRing) {}

  canActivate(context: ExecutionContext): boolean {
    const targets = [context.getHandler(), context.getClass()];
    if (this.reflector.getAllAndOverride<boolean | undefined>(publicKey, targets) === true) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const presented = presentedKey(request);
    const principal = presented === null ? null : this.ring.authenticate(presented);
    if (principal === null) throw unauthenticated(presented === null, this.ring.empty);
    const needed = this.reflector.getAllAndOverride<readonly Role[] | undefined>(rolesKey, targets) ?? [];
    if (!mayAct(principal, needed)) {
      const detail = needed.length === 0 ? 'this route is open to nobody' : `one of these roles is needed: ${needed.join(', ')}`;
      throw new ProblemException(403, { name: 'forbidden', title: 'This API key may not do that', detail });
    }
    setPrincipal(request, principal);
    return true;
  }
}

/** `Authorization: Bearer <key>` or `X-API-Key: <key>`. */
function presentedKey(request: Request): string | null {
  const { authorization } = request.headers;
  if (authorization !== undefined && /^bearer /i.test(authorization)) return authorization.slice(7).trim();
  const header = request.headers['x-api-key'];
  return typeof header === 'string' && header !== '' ? header : null;
}

function unauthenticated(missing: boolean, ringEmpty: boolean): ProblemException {
  const none = ringEmpty ? 'no API key is configured: set apiKeys' : undefined;
  const detail = none ?? (missing ? 'send Authorization: Bearer <key> or X-API-Key: <key>' : 'this API key is not known');
  const headers = { 'www-authenticate': 'Bearer realm="makewhole"' };
  return new ProblemException(401, { name: 'unauthenticated', title: 'An API key is needed', detail, headers });
}
