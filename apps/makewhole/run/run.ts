import type { Config } from '#config/config';
import { stopOnSignal } from '#http/stop-on-signal';
import { armFailpoint } from '#stream/failpoint';
import { createLogger } from '#telemetry/logger';
import { describeErrno, failed, wrongUse } from '#apps/makewhole/failure';
import type { RunOptions } from '#apps/makewhole/run/command';
import { type LocalKey, localKey, localMasterKey, withKey, withMasterKey } from '#apps/makewhole/run/local-key';
import { announceRunning, findRunning, forgetRunning } from '#apps/makewhole/running';
import { type RunningServices, startServices } from '#apps/makewhole/services';
import { requireConfig } from '#apps/makewhole/settings';
import { openStorage, stateFolder, type Storage } from '#apps/makewhole/storage';
import type { Terminal } from '#apps/makewhole/terminal';

/** Runs services until a signal comes; resolves with the exit code. */
export async function run(options: RunOptions, terminal: Terminal): Promise<number> {
  const given = requireConfig(options.config);
  armFailpoint(given.failpoint);
  const folder = stateFolder(given);
  const isEmbedded = given.database.url === '';
  const other = isEmbedded ? findRunning(folder) : null;
  if (other !== null) throw failed(`process ${other.pid} already runs on ${folder}, at ${other.url}: stop it first`);
  const key = given.apiKeys.length === 0 ? localKey(folder) : null;
  const config = withVault(key === null ? given : withKey(given, key.secret), options, folder);
  const logger = createLogger('makewhole', config.logLevel);
  const storage = await openStorage(config, logger);
  const services = await start(options, config, storage, logger);
  if (isEmbedded) announceRunning(folder, { pid: process.pid, url: services.url, databaseUrl: storage.databaseUrl });
  tellStarted(options, services.url, storage, key, terminal);
  return stopOnSignal(async () => {
    if (isEmbedded) forgetRunning(folder);
    await services.close();
    await storage.close();
    terminal.note('stopped');
  }, logger);
}

/** Who runs on a database of their own in production names a master key: one that is made up would be lost with this machine. */
function withVault(config: Config, { only }: RunOptions, folder: string): Config {
  if (!only.includes('casework') || config.vault.masterKeys.length > 0) return config;
  if (config.environment === 'production' && config.database.url !== '')
    throw wrongUse(
      'vault.masterKeys (MAKEWHOLE_VAULT_MASTER_KEYS, or MAKEWHOLE_VAULT_MASTER_KEYS_FILE) is needed in production: ' +
        'make one with `openssl rand -base64 32`, keep a copy elsewhere, and give it to every casework process',
    );
  return withMasterKey(config, localMasterKey(folder).secret);
}

async function start(
  options: RunOptions,
  config: Config,
  storage: Storage,
  logger: ReturnType<typeof createLogger>,
): Promise<RunningServices> {
  try {
    return await startServices(options.only, { config, log: storage.log, databaseUrl: storage.databaseUrl, logger });
  } catch (error) {
    await storage.close();
    const described = describeErrno(error, `port ${config.http.port}`);
    throw described === null ? error : failed(`${described}: set http.port (MAKEWHOLE_HTTP_PORT) to another one`);
  }
}

function tellStarted(options: RunOptions, url: string, storage: Storage, key: LocalKey | null, terminal: Terminal): void {
  const line = (name: string, text: string) => terminal.note(`  ${name.padEnd(10)}${text}`);
  terminal.note(terminal.strong(`Makewhole runs: ${options.only.join(', ')}`));
  line('storage', storage.description);
  if (options.only.includes('gateway')) line('events', `POST ${url}/v1/events`);
  if (options.only.includes('casework')) line('cases', `GET ${url}/v1/cases`);
  line('API', `${url}/openapi.json`);
  line('health', `${url}/readyz, ${url}/livez`);
  line('metrics', `${url}/metrics`);
  if (key === null) return;
  line('API key', key.isNew ? `${key.secret} (shown once; kept in ${key.path})` : `in ${key.path}`);
  line('try', `curl -H "Authorization: Bearer $(cat ${key.path})" ${url}/v1/cases`);
}
