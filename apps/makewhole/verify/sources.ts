import type { Anchor } from '#apps/makewhole/verify/anchors';
import type { ProviderEffect } from '#apps/makewhole/verify/provider-record';

/** A record as it stands in the log, whichever log it is. */
export interface LoggedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** Milliseconds since the epoch. */
  readonly appendedAt: number;
}

export interface LoggedPartition {
  readonly topic: string;
  readonly partition: number;
  /** The offset that the next record will get. */
  readonly end: number;
}

/** Reads a log from its beginning, again for each question. */
export interface AuditLog {
  partitions(topic: string): Promise<readonly LoggedPartition[]>;
  /** Visits every record up to the end as it stood when the audit began, each partition in its order. */
  scan(topic: string, visit: (record: LoggedRecord) => void): Promise<void>;
  close(): Promise<void>;
}

/** One unchanging view of the services' databases. */
export interface AuditDatabase {
  /** When it was taken, by the database's clock. */
  readonly asOf: number;
  query<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What a policy says of amounts that one person may not decide alone, and of what goes out in an hour. */
export interface AuditPolicy {
  readonly version: string;
  readonly fourEyes: {
    readonly above: { readonly minor: Readonly<Record<string, number>>; readonly otherwise: number };
    readonly people: number;
  };
  /** What may be approved in any hour. */
  readonly budgetPerHour: { readonly minor: Readonly<Record<string, number>>; readonly otherwise: number };
}

/** A finding as told: the fields that the auditor compares, and the whole of it as text. */
export interface ToldFinding {
  readonly findingId: string;
  readonly kind: string;
  readonly accountId: string | null;
  readonly status: 'open' | 'cleared';
  readonly paymentIds: readonly string[];
  readonly loss: { readonly minor: number; readonly currency: string } | null;
  readonly text: string;
}

export interface GroupedCase {
  readonly caseId: string;
  readonly findingIds: readonly string[];
  readonly loss: readonly { readonly minor: number; readonly currency: string }[];
  readonly isClosed: boolean;
}

/** A message of the `findings` topic with the instant at which it was said. */
export interface SaidMessage {
  readonly id: string;
  readonly value: string;
  readonly at: number;
}

/** A deadline that fired. */
export interface FiredDeadline {
  readonly accountId: string;
  readonly name: string;
  readonly subject: string;
  readonly at: number;
}

/** What a run told another stage: the row, the offset first, and the group of keys that it went to. */
export interface SlimRow {
  readonly group: string;
  readonly cells: readonly unknown[];
  /** Cells from here on are sums. */
  readonly sumFrom: number | undefined;
}

export interface EngineRun {
  /** Every finding that was ever told, in its last state. */
  readonly findings: ReadonlyMap<string, ToldFinding>;
  /** All that was said, in order. */
  readonly said: readonly SaidMessage[];
  readonly fired: readonly FiredDeadline[];
  readonly slim: readonly SlimRow[];
}

/** Before the record at `offset` was applied, the clock had moved the watermark this far. */
export interface ClockMark {
  readonly offset: number;
  readonly watermark: number;
}

/**
 * How time passes in a run. `events`: it follows the events alone, as in a replay; `clock`: it follows the append times too, as in a
 * service that is never behind; marks: exactly as it did in the service.
 */
export type Timekeeping = 'events' | 'clock' | readonly ClockMark[];

/** The pure rooms, run in memory by one thread: no service, no database, nothing that could call a provider. */
export interface AuditEngine {
  /** One partition from its first record to the last given, then on to `until`. */
  run(records: readonly LoggedRecord[], time: Timekeeping, until: number): EngineRun;
  /** The same for a partition of `scope-events`. */
  runScopes(records: readonly LoggedRecord[], time: Timekeeping, until: number): EngineRun;
  /** What casework's pure steps make of messages, in this order, given what people said of findings. */
  cases(messages: readonly SaidMessage[], word: PeoplesWord): readonly GroupedCase[];
}

/** What people did with findings: kept from becoming cases, took out of one, put into another. */
export interface PeoplesWord {
  readonly suppressed: ReadonlySet<string>;
  readonly dismissed: ReadonlySet<string>;
  /** Where people's regrouping of cases put a finding. */
  readonly placed: ReadonlyMap<string, string>;
  /** The cases that they regrouped. */
  readonly touched: ReadonlySet<string>;
}

export interface AuditSources {
  readonly log: AuditLog;
  readonly database: AuditDatabase;
  readonly engine: AuditEngine;
  /** What the provider itself says that it did; undefined when nobody gave its record. */
  readonly provider: readonly ProviderEffect[] | undefined;
  /** Those that wrap the keys of buyers; undefined when none is at hand, and nothing sealed is opened. */
  readonly masterKeys?: readonly string[] | undefined;
  /** Ends of chains as they were kept outside of the database; undefined when nobody gave them. */
  readonly anchors?: readonly Anchor[] | undefined;
  /** The policies under which actions were decided, as far as they are still to be had. */
  readonly policies: readonly AuditPolicy[];
}
