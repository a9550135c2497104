export const failpointNames = [
  'detector.before-commit',
  'detector.after-commit',
  'scopes.before-commit',
  'scopes.after-commit',
  'casework.before-commit',
  'casework.after-commit',
  'actuator.before-call',
  'actuator.after-call',
  'actuator.before-store',
  'relay.before-append',
  'relay.after-append',
  'gateway.before-append',
  'gateway.after-append',
] as const;
export type FailpointName = (typeof failpointNames)[number];

let armed: { readonly name: string; left: number } | undefined;

/**
 * Arms one point of failure for this process: `name` or `name:n`, the n-th time it is passed (from 1). For fault tests; the text
 * comes from configuration. Throws on a name that does not exist, so that no test passes because of a misprint.
 */
export function armFailpoint(text: string | undefined): void {
  if (text === undefined || text === '') {
    armed = undefined;
    return;
  }
  const [name, count = '1'] = text.split(':');
  if (!(failpointNames as readonly string[]).includes(name ?? '') || !/^[1-9]\d*$/.test(count))
    throw new Error(`no failpoint ${text}: expected <name> or <name>:<n>, with a name of ${failpointNames.join(', ')}`);
  armed = { name: name!, left: Number(count) };
}

/** Kills this process as `kill -9` would, when this point was armed and its count is used up. */
export function failpoint(name: FailpointName): void {
  if (armed === undefined || armed.name !== name) return;
  armed.left -= 1;
  if (armed.left === 0) process.kill(process.pid, 'SIGKILL');
}
