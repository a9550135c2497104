import { accountStage } from '#detection/account-stage';
import type { AccountState } from '#detection/account-state';
import { newCoverage } from '#detection/coverage';
import type { Emission, Outgoing } from '#detection/emission';
import { createEngine } from '#detection/engine';
import { findingKinds, type Finding, type PaymentFacts } from '#detection/finding';
import type { DetectorModes } from '#detection/mode';
import { defaultDetectionSettings } from '#detection/settings';
import type { Told } from '#detection/told';
import { NEVER } from '#kernel/time';
import { fold } from '#ledger/fold';
import type { Touched } from '#ledger/ledger';
import { eventOf } from '#test/scenarios/ledger-after';
import { sections } from '#test/scenarios/facts/sections';
import {
  account,
  authorised,
  captured,
  confirmed,
  ended,
  eur,
  forOrder,
  HOME,
  placed,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const BYTES = { value: Buffer.alloc(0), headers: undefined };
const END = Date.UTC(2027, 5, 1);
const allOff: DetectorModes = Object.fromEntries(findingKinds.map((kind) => [kind, 'off']));
const stageWith = (modes: DetectorModes) => accountStage(defaultDetectionSettings, { modes });

/** An account that is told events under one configuration and looked at again under the next. */
class Account {
  readonly state: AccountState = stageWith({}).newState('buyer');
  readonly coverage = newCoverage();
  readonly out: Outgoing[] = [];

  tell(modes: DetectorModes, ...events: readonly object[]): this {
    const stage = stageWith(modes);
    for (const one of events) {
      const event = eventOf(one);
      stage.fire(this.state, this.coverage, event.at, this.out);
      stage.apply(this.state, event, this.coverage, -NEVER, BYTES, this.out);
    }
    return this;
  }

  fire(modes: DetectorModes, until = END) {
    return stageWith(modes).fire(this.state, this.coverage, until, this.out);
  }

  open(): readonly string[] {
    return this.state.told
      .filter(({ finding }) => finding.status === 'open')
      .map(({ detector, subject, finding: { at: _, ...finding } }) => JSON.stringify({ detector, subject, finding }))
      .sort();
  }

  /** What was said since it was last asked for. */
  said(): readonly { readonly finding?: Finding; readonly payment?: PaymentFacts }[] {
    return this.out.splice(0).map((emission) => JSON.parse((emission as Emission).body).data);
  }
}

/** Concerns no detector but that of its own, empty wallet. */
const later = told('wallet.credited', '2027-05-01T10:00', { entryId: 'later', amount: { minor: 1, currency: 'CHF' } });
const hold = authorised('2026-06-01T10:00', 'pay-1', eur(5000));

describe.each(Object.entries(sections))('facts: %s', (_section, stories) => {
  it.each(stories.map((story) => [story.name, story.events] as const))(
    'what was off is told at the next event once it is live: %s',
    (_name, events) => {
      const live = new Account().tell({}, ...events);
      live.fire({});
      live.tell({}, later);
      const switched = new Account().tell(allOff, ...events);
      expect(switched.state.told).toEqual([]);
      switched.tell({}, later).fire({});
      expect(switched.open()).toEqual(live.open());
    },
  );
});

describe('a deadline', () => {
  it('of a detector that was switched off is forgotten at the next event', () => {
    const buyer = new Account().tell({}, hold);
    expect(buyer.state.deadlines).toMatchObject([{ detector: 'stuck-hold', subject: 'pay-1' }]);
    buyer.tell({ 'stuck-hold': 'off' }, account('logged_in', '2026-06-02T10:00', HOME));
    expect(buyer.state.deadlines).toEqual([]);
  });

  it('of a detector that was switched off passes without a word', () => {
    const buyer = new Account().tell({}, hold);
    expect(buyer.fire({ 'stuck-hold': 'off' })).toMatchObject([{ name: 'stuck-hold', subject: 'pay-1' }]);
    expect(buyer.state).toMatchObject({ deadlines: [], told: [] });
    expect(buyer.said()).toEqual([]);
  });

  it('about what was forgotten passes without a word', () => {
    const buyer = new Account().tell({}, hold);
    buyer.state.ledger.payments = [];
    buyer.fire({});
    expect(buyer.state.deadlines).toEqual([]);
    expect(buyer.said()).toEqual([]);
  });

  it('of a detector that nobody knows passes without a word', () => {
    const buyer = new Account().tell({}, hold);
    buyer.state.deadlines = [{ at: 5, detector: 'gone', subject: 'pay-1' }];
    buyer.fire({});
    expect(buyer.state.deadlines).toEqual([]);
  });

  it('that passed is silence known up to it, and never less', () => {
    const buyer = new Account().tell({}, hold);
    buyer.fire({});
    const end = Date.parse('2026-06-08T10:00Z');
    expect(buyer.state.judgedUntil).toBe(end);
    buyer.state.deadlines = [{ at: end - 1, detector: 'stuck-hold', subject: 'pay-1' }];
    buyer.fire({});
    expect(buyer.state.judgedUntil).toBe(end);
    expect(buyer.said()).toHaveLength(1);
  });
});

describe('a payment that a finding named', () => {
  const twice: readonly ToldEvent[] = [
    placed('2026-06-01T10:00', eur(2000)),
    captured('2026-06-01T10:01', 'pay-1', eur(2000), forOrder),
    captured('2026-06-01T10:02', 'pay-2', eur(2000), forOrder),
    confirmed('2026-06-01T10:03'),
  ];
  const settled = ended('settled', '2026-06-02T10:00', 'pay-2');

  it('has its facts told again when they change, and only then', () => {
    const buyer = new Account().tell({}, ...twice);
    expect(buyer.said()).toMatchObject([
      { finding: { kind: 'duplicate-charge' }, payments: [{ paymentId: 'pay-1' }, { paymentId: 'pay-2' }] },
    ]);
    buyer.tell({}, settled);
    expect(buyer.said()).toMatchObject([{ payment: { paymentId: 'pay-2', settled: 'yes' } }]);
    buyer.tell({}, ended('settled', '2026-06-03T10:00', 'pay-2'), captured('2026-06-04T10:00', 'pay-3', eur(700)));
    expect(buyer.said()).toEqual([]);
  });
});

describe('who hears of findings', () => {
  it('hears each line, with the account that it is about', () => {
    const heard: [string, string, number][] = [];
    const onTold = ({ finding }: Told, accountId: string) =>
      void heard.push([finding.kind, accountId, finding.paymentIds.length]);
    const engine = createEngine(defaultDetectionSettings, {}, onTold);
    const state = stageWith({}).newState('buyer');
    const touched = {} as Touched;
    const events = [
      captured('2026-06-01T10:01', 'pay-1', eur(2000), forOrder),
      captured('2026-06-01T10:02', 'pay-2', eur(2000), forOrder),
    ];
    for (const event of [placed('2026-06-01T10:00', eur(2000)), ...events].map(eventOf)) {
      fold(state.ledger, event, touched);
      engine.onEvent(state, event, touched, newCoverage(), []);
    }
    expect(heard).toEqual([['duplicate-charge', 'buyer', 2]]);
  });
});
