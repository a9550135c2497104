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
  query<Row>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** What a policy says of amounts that one person may not decide alone. */
export interface AuditPolicy {
  readonly version: string;
  readonly fourEyes: {
    readonly above: { readonly minor: Readonly<Record<string, number>>; readonly otherwise: number };
    readonly people: number;
  };
}

export interface AuditSources {
  readonly log: AuditLog;
  readonly database: AuditDatabase;
  /** What the provider itself says that it did; undefined when nobody gave its record. */
  readonly provider: readonly ProviderEffect[] | undefined;
  /** The policies under which actions were decided, as far as they are still to be had. */
  readonly policies: readonly AuditPolicy[];
}
