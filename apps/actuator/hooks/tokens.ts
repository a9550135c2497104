/** The pool of the API. */
export const POOL = Symbol('actuator pool');
/** The endpoints of the configuration. */
export const HOOKS = Symbol('hooks');
