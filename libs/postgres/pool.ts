import { Client, type ClientConfig, Pool, types } from 'pg';

export interface PoolOptions {
  readonly max: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
}

const INT8 = 20;

/** `bigint` arrives as a number; one that a number cannot hold throws rather than lose a unit of money. */
function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`a bigint from Postgres is no safe integer: ${text}`);
  return value;
}

const clientConfig = (url: string, applicationName: string): ClientConfig => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  idle_in_transaction_session_timeout: 30_000,
  types: {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      oid === INT8 && format !== 'binary' ? parseInt8 : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
  },
});

/**
 * A pool whose connections may break without ending the process, idle or in use: the next query opens a new one or reports it. One in
 * use tells of its end more than once, and between two queries nobody else listens.
 */
export function openPool(url: string, options: PoolOptions): Pool {
  const pool = new Pool({ ...clientConfig(url, options.applicationName), max: options.max, idleTimeoutMillis: 30_000 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** One connection, for a partition's owner, `LISTEN` or an advisory lock. The caller ends it. */
export async function openClient(url: string, applicationName: string): Promise<Client> {
  const client = new Client(clientConfig(url, applicationName));
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
