import { Client } from 'pg';

interface JournalRow {
  readonly body: string;
  readonly committed_ms: number;
}

/**
 * Keeps the commit time of each finding's first row. A trigger writes one small row in the detector's own transaction, and the
 * server's commit timestamp of that transaction (`track_commit_timestamp`) is read afterwards: exact to the microsecond, whatever
 * happens to the finding later. The timestamp is taken when the commit record is written; its flush follows.
 */
export class ToldJournal {
  private constructor(private readonly client: Client) {}

  /** The detector's schema must be there. */
  static async install(databaseUrl: string): Promise<ToldJournal> {
    const client = new Client({ connectionString: databaseUrl, application_name: 'bench' });
    await client.connect();
    await client.query(`
      CREATE SCHEMA bench;
      CREATE TABLE bench.told (body text NOT NULL);
      CREATE FUNCTION bench.note() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO bench.told VALUES (NEW.body); RETURN NULL; END';
      CREATE TRIGGER note AFTER INSERT ON detector.finding FOR EACH ROW EXECUTE FUNCTION bench.note();`);
    return new ToldJournal(client);
  }

  /** By id of each event that a finding rests on: when the finding was committed, in milliseconds since 1970. */
  async commitTimes(): Promise<Map<string, number>> {
    const { rows } = await this.client.query<JournalRow>(
      `SELECT body, (extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000)::float8 AS committed_ms FROM bench.told`,
    );
    const times = new Map<string, number>();
    for (const { body, committed_ms: at } of rows) for (const id of eventIdsOf(body)) times.set(id, at);
    return times;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Of a `makewhole.finding` message. */
export function eventIdsOf(body: string): readonly string[] {
  const { data } = JSON.parse(body) as { data: { finding?: { eventIds: readonly string[] } } };
  return data.finding?.eventIds ?? [];
}
