import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = join(__dirname, 'broker.sh');

export interface NodeSettings {
  readonly port: number;
  readonly controllerPort: number;
  readonly node?: number;
  /** `1@127.0.0.1:9093,2@…`; default: this node alone. */
  readonly voters?: string;
  readonly replication?: number;
  readonly minInSync?: number;
  readonly heap?: string;
  /** File of further properties. */
  readonly extra?: string;
  /** Further arguments of Kafka's storage tool. */
  readonly formatArgs?: readonly string[];
}

/** One real broker process, driven by broker.sh. Its data is deleted by `stop`, and the process dies with the one that started it. */
export class KafkaNode {
  readonly address: string;
  private readonly directory: string;
  private readonly env: NodeJS.ProcessEnv;

  constructor(settings: NodeSettings) {
    this.address = `127.0.0.1:${settings.port}`;
    this.directory = join(__dirname, '.state', `${process.pid}-${settings.port}`);
    const { node = 1, voters, replication = 1, minInSync = 1, heap = '256m', extra, formatArgs = [] } = settings;
    this.env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      KAFKA_DIR: this.directory,
      KAFKA_PORT: String(settings.port),
      KAFKA_CPORT: String(settings.controllerPort),
      KAFKA_NODE: String(node),
      KAFKA_RF: String(replication),
      KAFKA_MINISR: String(minInSync),
      KAFKA_HEAP: heap,
      KAFKA_OWNER: String(process.pid),
      KAFKA_FORMAT_ARGS: formatArgs.join('\n'),
      ...(voters === undefined ? {} : { KAFKA_VOTERS: voters }),
      ...(extra === undefined ? {} : { KAFKA_EXTRA: extra }),
    };
  }

  async start(): Promise<void> {
    await this.call('install');
    await this.call('start');
  }

  /** As a power cut would: nothing is flushed or told to anyone. */
  async kill9(): Promise<void> {
    await this.call('kill9');
  }

  /** SIGSTOP and SIGCONT: the process hangs, its connections stay. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(Number(readFileSync(join(this.directory, 'pid'), 'utf8')), signal);
  }

  async stop(): Promise<void> {
    await this.call('kill9');
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async call(command: string): Promise<void> {
    try {
      await run(script, [command], { env: this.env, maxBuffer: 1 << 24 });
    } catch (error) {
      const { stderr = '' } = error as { stderr?: string };
      throw new Error(`broker.sh ${command} (needs Java 17 and, the first time, Maven): ${stderr.trim()}`, { cause: error });
    }
  }
}
