import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '#kernel/time';
import { failed } from '#apps/makewhole/failure';
import type { Terminal } from '#apps/makewhole/terminal';

/** Who calls, by the name of an API key. */
export interface Person {
  readonly name: string;
  readonly secret: string;
}

export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly etag: string | null;
  readonly bytes: Buffer;
  readonly json: unknown;
}

const PATIENCE_MS = seconds(40);
const ASK_MS = 250;
const SHOWN = 300;

/** Makes calls as a person would, and shows each. */
export class Desk {
  constructor(
    private readonly url: string,
    private readonly terminal: Terminal,
  ) {}

  title(text: string): void {
    this.terminal.print('');
    this.terminal.print(this.terminal.strong(text));
  }

  say(text: string): void {
    this.terminal.print(`  ${text}`);
  }

  async call(person: Person, call: Call): Promise<Answer> {
    this.show(person, call);
    const answer = await this.send(person, call);
    this.say(`  ← ${answer.status} ${brief(answer)}`);
    if (answer.status >= 300) throw failed(`${call.path} was answered with ${answer.status}: ${brief(answer)}`);
    return answer;
  }

  /** Like `call`, where the answer has to be a refusal. */
  async refused(person: Person, call: Call): Promise<void> {
    this.show(person, call);
    const answer = await this.send(person, call);
    this.say(`  ← ${answer.status} ${brief(answer)}`);
    if (answer.status < 400) throw failed(`${call.path} ought to have been refused`);
  }

  /** Asks until something is as it should be; shows the last answer, as `pick` has it. */
  async until<Value>(person: Person, what: string, path: string, pick: (json: unknown) => Value | undefined): Promise<Value> {
    this.show(person, { path });
    const endAt = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.send(person, { path });
      const value = answer.status < 300 ? pick(answer.json) : undefined;
      if (value !== undefined) {
        this.say(`  ← ${answer.status} ${shortened(JSON.stringify(value))}`);
        return value;
      }
      if (performance.now() > endAt)
        throw failed(`${what} did not come; the last answer: ${answer.status} ${JSON.stringify(answer.json)}`);
      await sleep(ASK_MS);
    }
  }

  private show({ name }: Person, { method = 'GET', path, body }: Call): void {
    this.say(`${name}: ${method} ${path}${body === undefined ? '' : ` ${shortened(JSON.stringify(body))}`}`);
  }

  private async send({ secret }: Person, { method = 'GET', path, body, headers = {} }: Call): Promise<Answer> {
    const isText = typeof body === 'string';
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secret}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      bytes,
      json: isJson && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined,
    };
  }
}

const brief = ({ json, bytes }: Answer): string =>
  json === undefined ? `${bytes.length} bytes` : shortened(JSON.stringify(json));
const shortened = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
