import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noFaults } from '#simulator/provider-faults';
import type { CloudEvent } from '#simulator/teller';
import { createLogger } from '#telemetry/logger';
import { backtest } from '#apps/makewhole/backtest/backtest';
import { Sender } from '#apps/makewhole/demo/sender';
import { buildStageSet, type StageSet } from '#apps/makewhole/demo/stage-set';
import { newKey } from '#apps/makewhole/run/local-key';
import { serviceNames } from '#apps/makewhole/service-names';
import { startServices } from '#apps/makewhole/services';
import type { Terminal } from '#apps/makewhole/terminal';
import { largerLoss, newPolicy, nobodyAnswers, type Scene, smallLoss, theEvidence } from '#apps/makewhole/tour/chapters';
import { Desk } from '#apps/makewhole/tour/desk';

/** A few buyers from their loss to their money. Throws at the first step that does not go as it should. */
export async function tour(terminal: Terminal): Promise<void> {
  const person = (name: string, role: 'ingest' | 'investigator' | 'approver') => ({ name, roles: [role], secret: newKey() });
  const people = {
    platform: person('platform', 'ingest'),
    ida: person('ida', 'investigator'),
    ada: person('ada', 'approver'),
    ben: person('ben', 'approver'),
  };
  terminal.note('starting an embedded Postgres, a simulated provider and the services');
  const told: CloudEvent[] = [];
  const platform: { sender?: Sender } = {};
  const tell = async (events: readonly CloudEvent[]): Promise<void> => {
    await platform.sender!.post(events);
    told.push(...events);
  };
  const set = await buildStageSet({ seed: 1, faults: noFaults, people: Object.values(people), tell });
  const folder = mkdtempSync(join(tmpdir(), 'makewhole-tour-'));
  const services = await start(set);
  platform.sender = new Sender(services.url, people.platform.secret, () => false);
  try {
    const desk = new Desk(services.url, terminal);
    const scene: Scene = { desk, ...people, told, backtest: (draft) => tryDraft(folder, told, draft, terminal) };
    const ann = await smallLoss(scene);
    await largerLoss(scene, await newPolicy(scene));
    await nobodyAnswers(scene);
    await theEvidence(scene, ann.caseId);
    desk.title('Everybody has their money, or somebody who has to answer. That was the tour.');
  } finally {
    await services.close();
    rmSync(folder, { recursive: true });
    await set.strike();
  }
}

const start = (set: StageSet) =>
  startServices(serviceNames, {
    config: set.configFor(0),
    log: set.log,
    databaseUrl: set.database.url,
    logger: createLogger('tour', 'error'),
  });

/** The draft against the default policy, over what was told so far: money by currency. */
async function tryDraft(folder: string, told: readonly CloudEvent[], draft: unknown, terminal: Terminal) {
  const [input, policy] = [join(folder, 'told.ndjson'), join(folder, 'strict-1.json')];
  writeFileSync(input, told.map((event) => `${JSON.stringify(event)}\n`).join(''));
  writeFileSync(policy, JSON.stringify(draft));
  const printed: string[] = [];
  await backtest({ input, policy }, { ...terminal, note: () => undefined, print: (line) => void printed.push(line) });
  return (JSON.parse(printed.join('\n')) as { money: Record<string, unknown> }).money;
}
