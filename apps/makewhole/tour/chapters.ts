import { createHash } from 'node:crypto';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { days, minutes } from '#kernel/time';
import { policyDocument } from '#action/policy-document';
import { defaultPolicy } from '#action/default-policy';
import type { CaseView } from '#apps/casework/api/views';
import { failed } from '#apps/makewhole/failure';
import type { Answer, Desk, Person } from '#apps/makewhole/tour/desk';
import { BuyerEvents } from '#apps/makewhole/tour/events';
import { verifyPack } from '#apps/makewhole/verify/evidence-pack';
import type { CloudEvent } from '#simulator/teller';

export interface Scene {
  readonly desk: Desk;
  readonly platform: Person;
  readonly ida: Person;
  readonly ada: Person;
  readonly ben: Person;
  /** All that the platform told so far, for a backtest. */
  readonly told: CloudEvent[];
  /** What `makewhole backtest --policy` says of a draft over `told`, as it prints it. */
  backtest(draft: unknown): Promise<BacktestMoney>;
}

export type BacktestMoney = Readonly<Record<string, unknown>>;

type Cases = { readonly cases: readonly CaseView[] };
const eur = (minor: number) => ({ minor, currency: 'EUR' });

async function tell(scene: Scene, events: readonly CloudEvent[]): Promise<void> {
  scene.told.push(...events);
  const headers = { 'content-type': 'application/cloudevents-batch+json' };
  await scene.desk.call(scene.platform, { method: 'POST', path: '/v1/events', body: events, headers });
}

/** The buyer's case once it is as it should be; of its actions what is told below it. */
const caseOf = (
  { desk, ida }: Scene,
  accountId: string,
  what: string,
  is: (subject: CaseView) => boolean,
): Promise<ReturnType<typeof shown>> =>
  desk.until(ida, what, `/v1/cases?accountId=${accountId}`, (json) => {
    const found = (json as Cases).cases.find(is);
    return found === undefined ? undefined : shown(found);
  });

const shown = ({ caseId, number, kinds, stage, outcome, loss, actions, clocks }: CaseView) => ({
  ...{ number, kinds, stage, outcome, loss },
  actions: actions.map(({ kind, amount, state, actionId, policyVersion }) => ({ kind, amount, state, actionId, policyVersion })),
  caseId,
  clocks: clocks.map(({ name, state }) => `${name} ${state}`),
});

const actionIn = ({ actions }: CaseView, state: string) => actions.find((action) => action.state === state);

/** Charged twice, found, refunded by itself; the refund comes back from the bank, and is made again. */
export async function smallLoss(scene: Scene): Promise<{ readonly caseId: string }> {
  const { desk, ada } = scene;
  const ann = new BuyerEvents('ann');
  desk.title('1. Ann is charged twice');
  desk.say('The platform tells an order, two charges a minute apart, and the confirmation. Nobody complains.');
  await tell(scene, ann.chargedTwice('order-ann', eur(4_990), Date.now() - minutes(4)));
  desk.say('Makewhole finds it, opens a case, and policy says that a certain duplicate goes back at once:');
  await caseOf(scene, 'ann', 'a refund', (one) => actionIn(one, 'confirmed') !== undefined);
  const paid = scene.told.find(({ type, data }) => type === 'refund.succeeded' && data.accountId === 'ann');
  if (paid === undefined) throw failed('the platform told of no refund');
  desk.title('2. The refund fails after it had succeeded');
  desk.say('The bank returns it: the card was closed. The platform tells so, and the money is with the platform again.');
  await tell(scene, [ann.tell('refund.failed', Date.now(), { ...paid.data, reason: 'account_closed' })]);
  const asked = await caseOf(scene, 'ann', 'a second refund', (one) => actionIn(one, 'awaiting_approval') !== undefined);
  desk.say('Where the last refund did not arrive the next one is a person’s word:');
  await approve(scene, ada, idOf(asked, 'awaiting_approval'));
  const again = await caseOf(scene, 'ann', 'the refund, again', (one) =>
    one.actions.some(({ actionId, state }) => actionId === idOf(asked, 'awaiting_approval') && state === 'confirmed'),
  );
  return { caseId: again.caseId };
}

const idOf = ({ actions }: ReturnType<typeof shown>, state: string): string =>
  actions.find((action) => action.state === state)!.actionId;

function approve({ desk }: Scene, person: Person, actionId: string): Promise<Answer> {
  const body = { reason: 'read the evidence: it is owed' };
  return desk.call(person, { method: 'POST', path: `/v1/actions/${actionId}/approve`, body });
}

/** A draft: two people above 500 EUR. Tried over the events so far, approved by another person, in force. */
export async function newPolicy(scene: Scene): Promise<string> {
  const { desk, ada, ben } = scene;
  desk.title('3. A stricter policy: two people for more than 500 EUR, and nothing above 20 EUR by itself');
  const version = 'strict-1';
  const strict = {
    ...policyDocument(defaultPolicy),
    version,
    rules: defaultPolicy.rules.map((rule, at) => (at === 0 ? { ...rule, upTo: { EUR: 2_000 } } : rule)),
    fourEyes: { ...defaultPolicy.fourEyes, people: 2 },
  };
  const draft = { document: strict, reason: 'larger sums need two of us' };
  const drafted = await desk.call(ada, { method: 'POST', path: '/v1/policies', body: draft });
  desk.say('makewhole backtest --policy strict-1.json: what it would have moved of what was told so far');
  desk.say(`  ${JSON.stringify(await scene.backtest(strict))}`);
  const reason = { reason: 'tried over the events so far' };
  const etag = drafted.etag ?? '';
  desk.say('Ada wrote it, so Ada cannot approve it; Ben can:');
  const step = (name: string, headers: Readonly<Record<string, string>> = {}) =>
    ({ method: 'POST', path: `/v1/policies/${version}/${name}`, body: reason, headers }) as const;
  await desk.refused(ada, step('approve', { 'if-match': etag }));
  await desk.call(ben, step('approve', { 'if-match': etag }));
  await desk.call(ada, step('live'));
  return version;
}

/** Under the new policy: one person is not enough, and the same one twice is one. */
export async function largerLoss(scene: Scene, version: string): Promise<void> {
  const { desk, ada, ben } = scene;
  desk.title('4. Cleo loses more: 1,290.00 EUR, charged twice');
  const cleo = new BuyerEvents('cleo');
  await tell(scene, cleo.chargedTwice('order-cleo', eur(129_000), Date.now() - minutes(4)));
  const asked = await caseOf(scene, 'cleo', 'a refund to approve', (one) => actionIn(one, 'awaiting_approval') !== undefined);
  if (asked.actions[0]?.policyVersion !== version)
    throw failed(`decided under ${asked.actions[0]?.policyVersion}, not ${version}`);
  const actionId = idOf(asked, 'awaiting_approval');
  await approve(scene, ada, actionId);
  desk.say('Ada once more is still one person:');
  await desk.refused(ada, { method: 'POST', path: `/v1/actions/${actionId}/approve`, body: { reason: 'again' } });
  await approve(scene, ben, actionId);
  await caseOf(scene, 'cleo', 'her refund', (one) => actionIn(one, 'confirmed') !== undefined);
}

/** What nobody answers goes up the ladder by itself. */
export async function nobodyAnswers(scene: Scene): Promise<void> {
  const { desk } = scene;
  desk.title('5. Nobody answered Dan: the clock does');
  desk.say('Forty days ago Dan was charged twice at a shop, perhaps on purpose: a person was to look, and none did.');
  const dan = new BuyerEvents('dan');
  await tell(scene, dan.twins(eur(7_700), Date.now() - days(40)));
  const { clocks } = await caseOf(scene, 'dan', 'the next step of the ladder', (one) =>
    one.clocks.some(({ name, state }) => name === 'consumer_association' && state === 'running'),
  );
  desk.say(`  clocks: ${clocks.join(', ')}`);
}

/** An archive that holds; and the same with one figure changed, and all hashes of files made to fit. */
export async function theEvidence({ desk, ida }: Scene, caseId: string): Promise<void> {
  desk.title('6. The evidence of Ann’s case');
  const path = `/v1/cases/${caseId}/evidence`;
  const { bytes } = await desk.call(ida, { path, headers: { accept: 'application/zip' } });
  const honest = verifyPack(bytes);
  desk.say(`makewhole verify --pack ann.zip: ${JSON.stringify(honest)}`);
  const tampered = verifyPack(withFigureChanged(bytes));
  desk.say(`makewhole verify --pack tampered.zip: ${JSON.stringify(tampered)}`);
  if (honest.faults.length > 0 || tampered.faults.length === 0) throw failed('the evidence was not judged as it should be');
}

/** One sum in the timeline is another, and the manifest names the file as it is now: whoever does that knows what they do. */
function withFigureChanged(archive: Buffer): Uint8Array {
  const files = unzipSync(archive);
  const timeline = Buffer.from(files['timeline.ndjson']!).toString().replace(/4990/u, '9990');
  files['timeline.ndjson'] = strToU8(timeline);
  const manifest = JSON.parse(Buffer.from(files['manifest.json']!).toString()) as {
    files: { name: string; bytes: number; sha256: string }[];
  };
  for (const file of manifest.files) {
    file.bytes = files[file.name]!.length;
    file.sha256 = createHash('sha256').update(files[file.name]!).digest('hex');
  }
  return zipSync({ ...files, 'manifest.json': strToU8(JSON.stringify(manifest)) });
}
