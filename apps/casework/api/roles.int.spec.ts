import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type Person, type RunningCasework, startCasework } from '#test/casework/running-casework';

const routes = [
  ['get', '/v1/cases', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/cases/CASE', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/cases/CASE/timeline', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/cases/CASE/evidence', ['ines', 'anna', 'root']],
  ['get', '/v1/findings', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/actions', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/actions/ACTION', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/cases/CASE/note', ['ines', 'root']],
  ['post', '/v1/cases/CASE/decision', ['ines', 'root']],
  ['post', '/v1/actions/ACTION/approve', ['anna', 'root']],
  ['post', '/v1/actions/ACTION/reject', ['anna', 'root']],
  ['post', '/v1/cases/CASE/not-a-duplicate', ['ines', 'root']],
  ['post', '/v1/findings/FINDING/not-a-duplicate', ['ines', 'root']],
  ['post', '/v1/cases/CASE/assign', ['ines', 'root']],
  ['post', '/v1/cases/CASE/tags', ['ines', 'root']],
  ['post', '/v1/cases/CASE/wake', ['ines', 'root']],
  ['post', '/v1/cases/CASE/merge', ['ines', 'root']],
  ['post', '/v1/cases/CASE/split', ['ines', 'root']],
  ['post', '/v1/cases/CASE/reopen', ['ines', 'root']],
  ['get', '/v1/search?q=anything', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/cases/CASE/files', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/cases/CASE/files?name=a.txt', ['ines', 'root']],
  ['get', '/v1/cases/CASE/files/FILE', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/cases/CASE/escalate', ['ines', 'root']],
  ['get', '/v1/cases/CASE/accruals', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/cases/CASE/appeal', ['ines', 'root']],
  ['post', '/v1/cases/CASE/secret', ['ines', 'root']],
  ['get', '/v1/queues', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/queues/QUEUE/next', ['ines', 'root']],
  ['get', '/v1/snoozes', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/cases/CASE/snooze', ['ines', 'anna', 'root']],
  ['post', '/v1/snoozes', ['ines', 'anna', 'root']],
  ['post', '/v1/snoozes/SNOOZE/end', ['ines', 'anna', 'root']],
  ['get', '/v1/policies', ['vera', 'ines', 'anna', 'root', 'emma']],
  ['get', '/v1/policies/live', ['vera', 'ines', 'anna', 'root', 'emma']],
  ['get', '/v1/policies/changes', ['vera', 'ines', 'anna', 'root', 'emma']],
  ['get', '/v1/policies/POLICY', ['vera', 'ines', 'anna', 'root', 'emma']],
  ['post', '/v1/policies', ['ines', 'anna', 'root']],
  ['post', '/v1/policies/POLICY/revise', ['ines', 'anna', 'root']],
  ['post', '/v1/policies/POLICY/approve', ['anna', 'root']],
  ['post', '/v1/policies/POLICY/reject', ['anna', 'root']],
  ['post', '/v1/policies/POLICY/live', ['anna', 'root']],
  ['post', '/v1/policies/POLICY/rollback', ['anna', 'root']],
  ['post', '/v1/policies/POLICY/rollback/approve', ['anna', 'root']],
  ['post', '/v1/policies/POLICY/rollback/emergency', ['emma']],
  ['get', '/v1/decisions', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/decisions/replay?policy=default-3', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/decisions/DECISION', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/decisions/DECISION/replay?policy=default-3', ['vera', 'ines', 'anna', 'root']],
  ['get', '/v1/breaker', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/breaker/close', ['anna', 'root']],
  ['post', '/v1/breaker/open', ['anna', 'root']],
  ['get', '/v1/accounts/ACCOUNT/erasure', ['vera', 'ines', 'anna', 'root']],
  ['post', '/v1/accounts/ACCOUNT/erasure', ['ines', 'root']],
  ['post', '/v1/accounts/ACCOUNT/erasure/approve', ['anna', 'root']],
  ['post', '/v1/accounts/ACCOUNT/erasure/reject', ['ines', 'anna', 'root']],
  ['post', '/v1/accounts/ACCOUNT/legal-hold', ['ines', 'anna', 'root']],
  ['post', '/v1/accounts/ACCOUNT/legal-hold/end', ['anna', 'root']],
] as const;
/** It does not end by itself: who may read it stands in its own spec. */
const streamed = ['get /v1/stream'];
/** For buyers, who have no key: by case number and secret. */
const buyersRoutes = ['get ', 'post /message', 'post /complaint', 'post /evidence', 'post /appeal'].map((route) =>
  route.replace(' ', ' /v1/track/{number}'),
);
const names = {
  CASE: '{caseId}',
  ACTION: '{actionId}',
  FINDING: '{findingId}',
  SNOOZE: '{snoozeId}',
  QUEUE: '{queue}',
  FILE: '{fileId}',
  POLICY: '{version}',
  ACCOUNT: '{accountId}',
  DECISION: '{decisionId}',
};
/** Whoever holds the emergency right reads what a viewer reads, and does nothing else. */
const everyone: readonly Person[] = ['vera', 'ines', 'anna', 'root', 'feed'];

describe('who may do what', () => {
  let casework: RunningCasework;
  let fill: (path: string) => string;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
    await casework.tell(told(duplicate({ confidence: 'likely' })));
    const { body } = await casework.get('vera', '/v1/cases').expect(200);
    const [{ caseId, actions, findingIds }] = body.cases;
    const ids = {
      CASE: caseId,
      ACTION: actions[0].actionId,
      FINDING: findingIds[0],
      SNOOZE: 'nobodys',
      QUEUE: 'complaints',
      FILE: 'nobodys',
      POLICY: 'default-3',
      ACCOUNT: 'nobodys',
      DECISION: 'nobodys',
    };
    fill = (path) => named(path, ids);
  });
  afterAll(() => casework.stop());

  it.each(
    routes.flatMap(([method, path, allowed]) =>
      (path.startsWith('/v1/policies') ? [...everyone, 'emma' as const] : everyone).map((person) => ({
        method,
        path,
        person,
        may: (allowed as readonly Person[]).includes(person),
      })),
    ),
  )('$person may $may: $method $path', async ({ method, path, person, may }) => {
    const request =
      method === 'get'
        ? casework.get(person, fill(path))
        : casework.post(person, fill(path)).set('if-match', '"0"').send(bodyFor(path));
    const { status } = await request;
    if (may && method === 'post' && path.includes('/ACCOUNT/')) expect([200, 202, 404, 409]).toContain(status);
    else expect(status).toBe(may ? answerTo(method, path) : 403);
  });

  it('nobody without a key may do anything', async () => {
    for (const [method, path] of routes) {
      const answer = await fetch(`${casework.url}${fill(path)}`, { method: method.toUpperCase() });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('the table above names every route that the API describes', async () => {
    const { paths } = (await (await fetch(`${casework.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const tabled = routes.map(([method, path]) => `${method} ${named(path, names).replace(/\?.*/, '')}`);
    expect(described.sort()).toEqual([...tabled, ...buyersRoutes, ...streamed].sort());
  });
});

const named = (path: string, ids: Readonly<Record<string, string>>): string =>
  path.replace(/[A-Z]{3,}/g, (word) => ids[word] ?? word);

/** Of a case that is not as it was read; or, where there is no such thing to read before, done or not there. */
const answerTo = (method: string, path: string): number =>
  path.endsWith('/FILE') || path.includes('/DECISION')
    ? 404
    : method === 'get'
      ? 200
      : path.includes('/files')
        ? 415
        : path.startsWith('/v1/breaker')
          ? path.endsWith('/open')
            ? 200
            : 409
          : path.endsWith('/v1/policies')
            ? 400
            : path.endsWith('/v1/snoozes')
              ? 200
              : path.endsWith('/next')
                ? 204
                : path.endsWith('/end')
                  ? 404
                  : 412;

function bodyFor(path: string): object {
  const until = new Date(noon + 86_400_000).toISOString();
  if (path.endsWith('/v1/policies')) return { document: { version: 'no version' }, reason: 'known' };
  if (path.endsWith('/revise')) return { document: { version: 'default-3' }, reason: 'known' };
  if (path.startsWith('/v1/policies/') || path.startsWith('/v1/breaker')) return { reason: 'known' };
  if (path.endsWith('/v1/snoozes')) return { kind: 'stuck-hold', accountId: 'another-buyer', until, reason: 'known' };
  if (path.endsWith('/snooze')) return { kind: 'duplicate-charge', for: 'buyer', until, reason: 'known' };
  if (path.endsWith('/tags')) return { tags: [] };
  if (path.endsWith('/merge')) return { caseId: path.split('/')[3], reason: 'one story' };
  if (path.endsWith('/split')) return { findingIds: ['f'], reason: 'two stories' };
  if (/\/(end|wake|reopen|appeal|escalate|not-a-duplicate)$/.test(path)) return { reason: 'known' };
  if (path.startsWith('/v1/accounts')) return { reason: 'asked by the buyer' };
  if (path.endsWith('/note')) return { text: 'a note' };
  if (path.endsWith('/decision')) return { stage: 'investigating', reason: 'looking' };
  return path.endsWith('/reject') ? { reason: 'no' } : {};
}
