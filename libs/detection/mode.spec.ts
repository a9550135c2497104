import fc from 'fast-check';
import type { AnyEvent } from '#event/event';
import { accountStage } from '#detection/account-stage';
import type { AccountState } from '#detection/account-state';
import type { Emission } from '#detection/emission';
import type { Claim } from '#detection/claim';
import { findingKinds, type Finding, type FindingKind } from '#detection/finding';
import { applyModes, isOff, kindsOf, modesText, readModes, type DetectorMode, type DetectorModes } from '#detection/mode';
import { defaultDetectionSettings } from '#detection/settings';
import { randomStory } from '#test/scenarios/random-story';
import { account, authorised, captured, eur, HOME, otherCard, placed, type ToldEvent } from '#test/scenarios/told-events';

const BYTES = { value: Buffer.alloc(0), headers: undefined };
const END = Date.UTC(2026, 11, 1);
const stageWith = (modes: DetectorModes) => accountStage(defaultDetectionSettings, { modes });

/** One account that is judged by one configuration after another: its state is stored and read back at each restart. */
class Account {
  private stage = stageWith({});
  private stored: string | undefined;
  readonly out: Emission[] = [];
  private watermark = -Infinity;
  state!: AccountState;

  restart(modes: DetectorModes): this {
    this.stored = this.state === undefined ? undefined : this.stage.encode(this.state);
    this.stage = stageWith(modes);
    this.state = this.stored === undefined ? this.stage.newState('buyer') : this.stage.decodeState(this.stored, 'buyer');
    return this;
  }

  tell(...events: readonly ToldEvent[]): this {
    for (const told of events) {
      const decoded = this.stage.decode({ value: Buffer.from(JSON.stringify(told)), headers: undefined });
      if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
      const event: AnyEvent = decoded.event;
      this.watermark = Math.max(this.watermark, event.at - this.stage.latenessMs);
      this.stage.fire(this.state, this.stage.newShared(), this.watermark, this.out);
      this.stage.apply(this.state, event, this.stage.newShared(), this.watermark, BYTES, this.out);
    }
    return this;
  }

  until(time: string): this {
    this.stage.fire(this.state, this.stage.newShared(), Date.parse(time), this.out);
    return this;
  }

  /** The lines since they were last asked for. */
  lines(): readonly Finding[] {
    const lines = this.out.filter(({ kind }) => kind === 'finding').map(({ body }) => JSON.parse(body).data.finding as Finding);
    this.out.length = 0;
    return lines;
  }
}

const order = { orderId: 'order-1' };
const twice = [
  placed('2026-06-01T10:00', eur(2_000)),
  captured('2026-06-01T10:01', 'pay-1', eur(2_000), order),
  captured('2026-06-01T10:02', 'pay-2', eur(2_000), order),
];
const hold = authorised('2026-06-01T10:00', 'pay-9', eur(5_000), { merchantId: 'hotel' });
const logIn = (time: string) => account('logged_in', time, HOME);
const brief = ({ kind, status, mode }: Finding) => [kind, status, ...(mode === undefined ? [] : [mode])].join(' ');

describe('a kind that is off', () => {
  it('is not told, and waits for nothing', () => {
    const buyer = new Account().restart({ 'duplicate-charge': 'off', 'stuck-hold': 'off' }).tell(...twice, hold);
    expect(buyer.until('2026-07-01T00:00:00Z').lines()).not.toContainEqual(expect.objectContaining({ kind: 'duplicate-charge' }));
    expect(buyer.state.deadlines.map(({ detector }) => detector)).not.toContain('stuck-hold');
  });

  it('leaves the other kinds of its detector as they are', () => {
    const other = captured('2026-06-01T10:02', 'pay-2', eur(2_000), { ...order, instrument: otherCard });
    const told = [...twice.slice(0, 2), other];
    const live = new Account()
      .restart({})
      .tell(...told)
      .lines();
    expect(live.map(brief)).toEqual(['paid-by-other-means open']);
    expect(
      new Account()
        .restart({ 'duplicate-charge': 'off' })
        .tell(...told)
        .lines(),
    ).toEqual(live);
    expect(
      new Account()
        .restart({ 'paid-by-other-means': 'off' })
        .tell(...told)
        .lines(),
    ).toEqual([]);
  });

  it('leaves what was told as it was told, though it is made good', () => {
    const buyer = new Account().restart({}).tell(...twice);
    expect(buyer.lines().map(brief)).toEqual(['duplicate-charge open']);
    buyer.restart({ 'duplicate-charge': 'off', 'refund-overdue': 'off' }).tell(
      ...['requested', 'succeeded'].map((step, n): ToldEvent => ({
        ...captured(`2026-06-01T12:0${n}`, 'pay-2', eur(2_000)),
        type: `refund.${step}`,
        data: { accountId: 'buyer', refundId: 'r-1', paymentId: 'pay-2', amount: eur(2_000) },
      })),
    );
    expect(buyer.lines()).toEqual([]);
    expect(buyer.restart({}).tell(logIn('2026-06-01T13:00')).lines().map(brief)).toEqual(['duplicate-charge cleared']);
  });

  it('has what it missed told at the account’s next event once it is live: a second charge, and a hold past its end', () => {
    const buyer = new Account().restart({ 'duplicate-charge': 'off', 'stuck-hold': 'off' }).tell(...twice, hold);
    buyer.tell(logIn('2026-06-20T10:00'));
    expect(buyer.lines().filter(({ kind }) => kind === 'duplicate-charge' || kind === 'stuck-hold')).toEqual([]);
    const lines = buyer.restart({}).tell(logIn('2026-06-20T11:00')).until('2026-06-20T11:00:00Z').lines();
    expect(lines.map(brief)).toEqual(['duplicate-charge open', 'stuck-hold open']);
    expect(lines.map(({ at }) => at)).toEqual(['2026-06-01T10:02:00.000Z', '2026-06-08T10:00:00.000Z']);
  });
});

describe('a kind in shadow', () => {
  const live = new Account()
    .restart({})
    .tell(...twice)
    .lines();
  const shadow = new Account()
    .restart({ 'duplicate-charge': 'shadow' })
    .tell(...twice)
    .lines();

  it('is told alike but for its mark', () => {
    expect(shadow.map(brief)).toEqual(['duplicate-charge open shadow']);
    expect(shadow.map(({ mode: _, ...finding }) => finding)).toEqual(live);
  });

  it('loses the mark at the account’s next event once it is live, under the same id and time', () => {
    const buyer = new Account().restart({ 'duplicate-charge': 'shadow' }).tell(...twice);
    buyer.lines();
    expect(buyer.restart({}).tell(logIn('2026-06-01T11:00')).lines()).toEqual(live);
    expect(buyer.tell(logIn('2026-06-01T12:00')).lines()).toEqual([]);
  });

  it('gets the mark when it was live before', () => {
    const buyer = new Account().restart({}).tell(...twice);
    buyer.lines();
    expect(buyer.restart({ 'duplicate-charge': 'shadow' }).tell(logIn('2026-06-01T11:00')).lines()).toEqual(shadow);
  });
});

describe('modes', () => {
  it('that are all live change no byte of what is told or stored', () => {
    const plain = accountStage();
    const state = plain.newState('buyer');
    expect(stageWith({ 'stuck-hold': 'live' }).newState('buyer')).toEqual(state);
    expect(plain.encode(state)).toBe(plain.encode({ ...state, judgedBy: '' }));
    expect(
      new Account()
        .restart({ 'duplicate-charge': 'live' })
        .tell(...twice)
        .lines(),
    ).toEqual(
      new Account()
        .restart({})
        .tell(...twice)
        .lines(),
    );
  });

  it('are read back from the text in a state', () => {
    const modes = { 'stuck-hold': 'off', 'duplicate-charge': 'shadow', 'refund-failed': 'live' } as const;
    expect(modesText(modes)).toBe('duplicate-charge=shadow stuck-hold=off');
    expect(readModes(modesText(modes))).toEqual({ 'stuck-hold': 'off', 'duplicate-charge': 'shadow' });
    expect(readModes(modesText({}))).toEqual({});
  });

  it('know every kind that each detector tells', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const { state } = new Account()
          .restart({})
          .tell(...story)
          .until(new Date(END).toISOString());
        for (const { detector, finding } of state.told) expect(kindsOf(detector)).toContain(finding.kind);
      }),
      { numRuns: 100 },
    );
  });

  const anyModes = fc.dictionary(fc.constantFrom(...findingKinds), fc.constantFrom<DetectorMode>('off', 'shadow', 'live'));

  it('may change at any time: what is open at the end is what it would be had all been live, for kinds that are', () => {
    fc.assert(
      fc.property(randomStory, anyModes, fc.nat(), (story, before, at) => {
        const last = logIn('2026-11-20T00:00');
        const plain = new Account()
          .restart({})
          .tell(...story, last)
          .until(new Date(END).toISOString());
        const cut = at % (story.length + 1);
        const changed = new Account().restart(before as DetectorModes).tell(...story.slice(0, cut));
        changed
          .restart({})
          .tell(...story.slice(cut), last)
          .until(new Date(END).toISOString());
        expect(openAtEnd(changed.state)).toEqual(openAtEnd(plain.state));
      }),
      { numRuns: 200 },
    );
  });

  it('tell nothing of what is off and mark all of what is in shadow', () => {
    fc.assert(
      fc.property(randomStory, anyModes, (story, modes) => {
        const told = new Account()
          .restart(modes as DetectorModes)
          .tell(...story)
          .until(new Date(END).toISOString());
        for (const { kind, mode } of told.lines()) expect(mode ?? 'live').toBe(modes[kind] ?? 'live');
      }),
      { numRuns: 100 },
    );
  });
});

/** Without `at`, which says when the first line came. */
const openAtEnd = ({ told }: AccountState): readonly string[] =>
  told
    .filter(({ finding }) => finding.status === 'open')
    .map(({ finding: { at: _, ...finding } }) => JSON.stringify(finding))
    .sort();

describe('a detector that tells of several kinds', () => {
  it('is asked as long as one of them is wanted', () => {
    expect(isOff({ 'duplicate-charge': 'off' }, 'duplicate-charge')).toBe(false);
    expect(isOff({ 'duplicate-charge': 'off' }, 'twin-charge')).toBe(true);
  });

  it.each([
    ['duplicate-charge', ['duplicate-charge', 'paid-by-other-means']],
    ['twin-charge', ['duplicate-charge']],
    ['double-debit', ['duplicate-charge']],
    ['cancelled-order', ['refund-overdue']],
    ['stuck-hold', ['stuck-hold']],
  ])('%s tells of %s', (detector, kinds) => {
    expect(kindsOf(detector)).toEqual(kinds);
  });
});

describe('claims in a mode', () => {
  const claim = (kind: FindingKind) => ({ kind }) as Claim;

  it('are dropped where it is off and marked where it is shadow, the others left as they are', () => {
    const claims = [claim('stuck-hold'), claim('refund-failed'), claim('duplicate-charge')];
    const live = claims[1];
    applyModes({ 'stuck-hold': 'off', 'duplicate-charge': 'shadow' }, claims);
    expect(claims).toEqual([{ kind: 'refund-failed' }, { kind: 'duplicate-charge', mode: 'shadow' }]);
    expect(claims[0]).toBe(live);
  });
});
