import { Fenced, StoreUnavailable } from '#stream/store';

/** SQLSTATE classes and codes after which the same transaction may work: connection, resources, shutdown, serialisation, deadlock. */
const transient = /^(08|53|57P0[1-5]|40001|40P01|55P03|25P03|57014)/;
const broken =
  /Connection terminated|connection timeout|ECONNRE|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|not queryable|Client was closed|was terminated|timeout exceeded when trying to connect/i;

export function isTransient(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && transient.test(code)) return true;
  return error instanceof Error && broken.test(`${typeof code === 'string' ? code : ''} ${error.message}`);
}

/** Turns what may work later into `StoreUnavailable`; the rest, a fault of ours or a refused write, stays what it is. */
export async function guarded<Value>(doing: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fenced || error instanceof StoreUnavailable || !isTransient(error)) throw error;
    throw new StoreUnavailable(doing, error);
  }
}
