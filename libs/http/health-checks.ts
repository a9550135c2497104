/** Why something is not well, in words for an operator; null when it is. */
export type HealthCheck = () => string | null | Promise<string | null>;

export interface HealthReport {
  readonly ok: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * What the services of this process say about themselves. *Live* means progress: a service that handled nothing although there was
 * something to handle should be restarted. *Ready* means that a request now would be served.
 */
export class HealthChecks {
  private readonly liveChecks = new Map<string, HealthCheck>();
  private readonly readyChecks = new Map<string, HealthCheck>();
  private isStopping = false;

  live(name: string, check: HealthCheck): void {
    this.liveChecks.set(name, check);
  }

  ready(name: string, check: HealthCheck): void {
    this.readyChecks.set(name, check);
  }

  /** From now on not ready: load balancers turn away while requests in hand finish. */
  stopping(): void {
    this.isStopping = true;
  }

  readonly liveness = (): Promise<HealthReport> => report(this.liveChecks);

  readonly readiness = async (): Promise<HealthReport> => {
    const { ok, checks } = await report(this.readyChecks);
    return this.isStopping ? { ok: false, checks: { ...checks, process: 'stopping' } } : { ok, checks };
  };
}

async function report(checks: ReadonlyMap<string, HealthCheck>): Promise<HealthReport> {
  const results = await Promise.all([...checks].map(async ([name, check]) => [name, await runCheck(check)] as const));
  return {
    ok: results.every(([, fault]) => fault === null),
    checks: Object.fromEntries(results.map(([name, fault]) => [name, fault ?? 'ok'])),
  };
}

async function runCheck(check: HealthCheck): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
