import type { Client } from 'pg';
import { NEVER, type InstantMs } from '#kernel/time';
import { guarded } from '#postgres/errors';
import { openClient } from '#postgres/pool';
import { GatheredLoads, type Wanted } from '#postgres/gathered-loads';
import { commitParameters, newsByPartition } from '#postgres/stage-commit';
import { fromColumn, SEPARATOR, toColumn } from '#postgres/stage-key';
import type { CommitAnswer, PartitionCommit, Restart, StageStore, StoredState } from '#stream/stage-store';

export interface StageStoreOptions {
  readonly url: string;
  readonly schema: string;
  readonly topic: string;
  /** Where dead letters are sent, beside the table. */
  readonly deadLetterTopic: string;
}

interface RestartRow {
  readonly watermark: number | null;
  readonly applied: number;
  readonly duplicate: number;
  readonly quarantined: number;
  readonly dead_lettered: number;
  readonly ignored: number;
  readonly shared: string | null;
  readonly checkpoint_offset: number;
  readonly checkpoint_watermark: number | null;
  readonly checkpoint_shared: string | null;
  readonly has_states: boolean;
}

/**
 * A stage's storage in one schema, over two connections of its own: one commits, the other reads, so that a load does not wait for
 * a commit.
 */
export class PostgresStageStore implements StageStore {
  private readonly lanes = { commit: new Lane(this.options, 'commit'), read: new Lane(this.options, 'read') };
  private readonly loads = new GatheredLoads((take) =>
    this.lanes.read.run('loading states', (client) => this.readStates(client, take())),
  );

  constructor(private readonly options: StageStoreOptions) {}

  async restart(partition: number): Promise<Restart> {
    const { schema, topic } = this.options;
    return this.lanes.read.run(`reading the progress of ${topic}/${partition}`, async (client) => {
      const { rows } = await client.query<RestartRow>(
        `SELECT p.*, EXISTS (SELECT FROM ${schema}.account_state s WHERE s.partition = p.partition) AS has_states
         FROM ${schema}.partition_progress p WHERE topic = $1 AND partition = $2`,
        [topic, partition],
      );
      const row = rows[0];
      if (row === undefined) throw new Error(`${topic}/${partition} was not taken: it has no progress`);
      const marks = await client.query<{ offset: number; watermark: number | null; shared: string | null }>(
        `SELECT "offset", watermark, shared FROM ${schema}.partition_mark WHERE partition = $1 AND "offset" >= $2 ORDER BY "offset"`,
        [partition, row.checkpoint_offset],
      );
      const { applied, duplicate, quarantined, dead_lettered, ignored } = row;
      return {
        watermark: row.watermark ?? -NEVER,
        counts: { applied, duplicate, quarantined, dead_lettered, ignored },
        shared: row.shared,
        checkpointOffset: row.checkpoint_offset,
        checkpointWatermark: row.checkpoint_watermark ?? -NEVER,
        checkpointShared: row.checkpoint_shared,
        marks: marks.rows,
        hasStates: row.has_states,
      };
    });
  }

  load(partition: number, keys: readonly string[]): Promise<readonly StoredState[]> {
    return this.loads.load(partition, keys);
  }

  async deadlines(
    partition: number,
    after: InstantMs,
    until: InstantMs,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly deadline: InstantMs }[]> {
    return this.lanes.read.run('reading deadlines', async (client) => {
      const { rows } = await client.query<{ key: string; deadline: number }>(
        `SELECT account_id AS key, next_deadline AS deadline FROM ${this.options.schema}.account_state
         WHERE partition = $1 AND next_deadline > $2 AND next_deadline <= $3
         ORDER BY next_deadline FETCH FIRST $4 ROWS WITH TIES`,
        [partition, storedInstant(after), storedInstant(until), limit],
      );
      return rows.map(({ key, deadline }) => ({ key: fromColumn(key), deadline }));
    });
  }

  async commit(partitions: readonly PartitionCommit[]): Promise<readonly CommitAnswer[]> {
    const { schema, topic, deadLetterTopic } = this.options;
    return this.lanes.commit.run(`committing ${topic}`, async (client) => {
      const { rows } = await client.query<{ of_partition: number; outcome: string; news: number[] }>({
        name: 'commit',
        text: `SELECT * FROM ${schema}.commit_partitions($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
        values: commitParameters(topic, deadLetterTopic, partitions),
      });
      const news = newsByPartition(partitions, rows[0]?.news ?? []);
      return rows.map(({ of_partition: partition, outcome }) => ({
        partition,
        outcome: outcome === 'fenced' ? 'fenced' : 'stored',
        news: outcome === 'already' ? everything(partitions, partition) : (news.get(partition) ?? []),
      }));
    });
  }

  /** The sub-select is planned on its own, as one look into the index a key, whatever is known of the table's size. */
  private async readStates(client: Client, wanted: readonly Wanted[]): Promise<readonly (readonly StoredState[])[]> {
    const { rows } = await client.query<StoredState & { readonly n: number }>({
      name: 'load',
      text: `SELECT wanted.n, held.* FROM unnest($1::int[], $2::int[], string_to_array($3, chr(30))) AS wanted (n, partition, key)
             CROSS JOIN LATERAL (
               SELECT account_id AS key, state AS text, "offset" FROM ${this.options.schema}.account_state s
               WHERE s.partition = wanted.partition AND s.account_id = wanted.key OFFSET 0) AS held`,
      values: [
        arrayOf(wanted.flatMap(({ keys }, n) => keys.map(() => n))),
        arrayOf(wanted.flatMap(({ keys, partition }) => keys.map(() => partition))),
        wanted.flatMap(({ keys }) => keys.map(toColumn)).join(SEPARATOR),
      ],
    });
    const found: StoredState[][] = wanted.map(() => []);
    for (const { n, key, text, offset } of rows) found[n]!.push({ key: fromColumn(key), text, offset });
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([this.lanes.commit.close(), this.lanes.read.close()]);
  }
}

/** An earlier try of the commit went through; which of it was news is not known any more: the relay is to look. */
function everything(partitions: readonly PartitionCommit[], partition: number): readonly number[] {
  const commit = partitions.find(({ progress }) => progress.partition === partition);
  return commit === undefined ? [] : commit.effects.said.map((_, at) => at);
}

/** As text: node-postgres escapes arrays element by element. */
const arrayOf = (numbers: readonly number[]): string => `{${numbers.join(',')}}`;

/** `bigint` knows no infinity. */
const storedInstant = (instant: InstantMs): number =>
  Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, instant));

/** One connection, one query at a time, opened again after it broke. */
class Lane {
  private client: Promise<Client> | undefined;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly options: StageStoreOptions,
    private readonly name: string,
  ) {}

  run<Value>(doing: string, work: (client: Client) => Promise<Value>): Promise<Value> {
    const turn = this.tail.then(() =>
      guarded(doing, async () => {
        this.client ??= openClient(this.options.url, `makewhole ${this.options.schema} ${this.name}`);
        try {
          return await work(await this.client);
        } catch (error) {
          await this.drop();
          throw error;
        }
      }),
    );
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  async close(): Promise<void> {
    await this.tail;
    await this.drop();
  }

  private async drop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.then((open) => open.end()).catch(() => undefined);
  }
}
