import { seconds, type InstantMs } from '#kernel/time';
import { createDecoder, type DecoderOptions } from '#event/decode';
import type { AnyEvent } from '#event/event';
import { redactBytes } from '#event/redact';
import { fold } from '#ledger/fold';
import type { Touched } from '#ledger/ledger';
import { sight } from '#ledger/seen';
import { newAccountState, nextDeadlineOf, type AccountState } from '#detection/account-state';
import { newCoverage, noteCoverage, type Coverage } from '#detection/coverage';
import { earliest, type Deadline } from '#detection/deadlines';
import { caughtUpEmission, type Emission, type Outgoing } from '#detection/emission';
import { createEngine } from '#detection/engine';
import { modesText, type DetectorModes } from '#detection/mode';
import { createAccountTelling } from '#detection/account-telling';
import { defaultDetectionSettings, type DetectionSettings } from '#detection/settings';
import { PAYOUT_KEY } from '#detection/paid-out-before-delivery';
import type { SlimType } from '#detection/scope-event';
import { STATEMENT_KEY } from '#detection/statement-without-order';
import { needsTidying, tidy } from '#detection/retention';
import { decodeAccountState, encodeAccountState } from '#detection/state-text';

/** A record as the runtime hands it over; libs/stream/log.ts has the whole. */
export interface RecordBytes {
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

export interface DeadLetter {
  readonly reason: string;
  readonly source?: string;
  readonly id?: string;
  readonly pointer?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly bytes: Buffer;
}

export type Decoded =
  | { readonly kind: 'event'; readonly key: string; readonly at: InstantMs; readonly event: AnyEvent }
  | { readonly kind: 'dead'; readonly letter: DeadLetter }
  | { readonly kind: 'ignored' };

export type Applied =
  { readonly kind: 'applied' } | { readonly kind: 'duplicate' } | { readonly kind: 'dead'; readonly letter: DeadLetter };

export interface FiredDeadline {
  readonly name: string;
  readonly subject: string;
  readonly at: InstantMs;
}

export interface AccountStageOptions extends DecoderOptions {
  /** How far events of different accounts may lie apart from the order of their times. */
  readonly latenessMs?: number;
  /** Default: every detector is live. */
  readonly modes?: DetectorModes;
  /** What is told to the other scopes; nothing by default. */
  readonly slimTypes?: ReadonlySet<SlimType>;
  /** Record keys that lead to every partition of `findings`: each hears when a partition of events was read to its end. */
  readonly everyPartition?: readonly string[];
}

const APPLIED: Applied = { kind: 'applied' };
const DUPLICATE: Applied = { kind: 'duplicate' };
const NONE: readonly FiredDeadline[] = [];

/**
 * The hot path: one account's events folded into its ledger, and what is wrong told as it changes. It is a `Stage` of the runtime
 * (libs/stream/stage.ts) by shape, since detection knows nothing of the stream.
 */
export function accountStage(settings: DetectionSettings = defaultDetectionSettings, options: AccountStageOptions = {}) {
  const decodeEvent = createDecoder(options);
  const telling = createAccountTelling(options.slimTypes ?? new Set(), settings);
  const engine = createEngine(settings, options.modes, telling.onTold);
  const judgedBy = modesText(options.modes ?? {});
  const latenessMs = options.latenessMs ?? seconds(60);
  const touched: Touched = { payment: undefined, order: undefined, refund: undefined, freeze: undefined, sideKey: '' };

  return {
    name: 'account',
    latenessMs,

    decode(record: RecordBytes): Decoded {
      const decoded = decodeEvent(record.value, record.headers);
      if (decoded === 'ignored') return { kind: 'ignored' };
      if (!decoded.ok) return { kind: 'dead', letter: { ...decoded.error, bytes: redactedBytes(record) } };
      return { kind: 'event', key: keyOf(decoded.value), at: decoded.value.at, event: decoded.value };
    },

    redact: redactBytes,
    identify: ({ source, id }: AnyEvent) => ({ source, id }),
    newState: (accountId: string): AccountState => newAccountState(accountId, judgedBy),
    newShared: newCoverage,
    sharedVersion: (coverage: Coverage): number => coverage.version,

    apply(
      state: AccountState,
      event: AnyEvent,
      coverage: Coverage,
      watermark: InstantMs,
      record: RecordBytes,
      out: Outgoing[],
    ): Applied {
      const now = Math.max(watermark, state.seen.since);
      const sighting = sight(state.seen, event.source, event.id, event.fingerprint, now);
      if (sighting === 'duplicate') return DUPLICATE;
      if (sighting === 'conflict') return { kind: 'dead', letter: conflictLetter(event, record) };
      if (event.at < watermark) state.heldUntil = watermark + latenessMs;
      const news = telling.before(state, event);
      fold(state.ledger, event, touched);
      const { version } = coverage;
      if (touched.payment !== undefined) noteCoverage(coverage, state.ledger, touched.payment);
      engine.onEvent(state, event, touched, coverage, out);
      if (coverage.version !== version) engine.onCoverage(state, coverage, out);
      if (news !== undefined) telling.after(state, event, touched, news, out);
      if (needsTidying(state, watermark)) tidy(state, watermark);
      return APPLIED;
    },

    nextDeadline: nextDeadlineOf,

    fire(state: AccountState, coverage: Coverage, until: InstantMs, out: Outgoing[]): readonly FiredDeadline[] {
      if (nextDeadlineOf(state) > until) return NONE;
      const fired: FiredDeadline[] = [];
      for (let next = earliest(state.deadlines); next !== undefined && next.at <= until; next = earliest(state.deadlines)) {
        const { detector, subject, at }: Deadline = next;
        engine.onDeadline(state, next, coverage, out);
        fired.push({ name: detector, subject, at });
      }
      return fired;
    },

    settle(state: AccountState, coverage: Coverage, out: Outgoing[]): void {
      engine.onCoverage(state, coverage, out);
    },

    encode: encodeAccountState,
    decodeState: decodeAccountState,
    encodeShared: (coverage: Coverage): string => JSON.stringify(coverage),
    decodeShared: (text: string): Coverage => JSON.parse(text) as Coverage,
    caughtUp: (partition: number, watermark: InstantMs, occasion: string): readonly Emission[] =>
      (options.everyPartition ?? []).map((key) => caughtUpEmission(partition, watermark, key, occasion)),
  };
}

/** An event about no buyer gets a state of its own, keyed by what it is about. */
function keyOf(event: AnyEvent): string {
  if (event.accountId !== '') return event.accountId;
  switch (event.type) {
    case 'statement.line':
      return STATEMENT_KEY + event.data.lineId;
    case 'payout.held':
    case 'payout.released':
    case 'payout.paid':
      return PAYOUT_KEY + event.data.payoutId;
    case 'merchant.vetted':
    case 'merchant.reported':
      return `~merchant/${event.data.merchantId}`;
    default:
      return '';
  }
}

const redactedBytes = ({ value }: RecordBytes): Buffer => (value === null ? Buffer.alloc(0) : redactBytes(value));

const conflictLetter = (event: AnyEvent, record: RecordBytes): DeadLetter => ({
  reason: 'conflicting-redelivery',
  source: event.source,
  id: event.id,
  pointer: '/data',
  expected: 'the content that this source and id were told with before',
  found: 'other content',
  bytes: redactedBytes(record),
});
