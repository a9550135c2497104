import { type DurationMs, minutes, seconds, type InstantMs } from '#kernel/time';
import { type Unknown, unknown } from '#connector/connector';
import type { HttpCaller } from '#connector/http-caller';
import { parseObject, textOf } from '#connector/json-answer';
import { isSuccess } from '#connector/provider-answer';

export interface PaypalCredentials {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** A token is renewed this long before it ends. */
const earlyMs: DurationMs = minutes(1);

/**
 * The OAuth 2 access token of client credentials (developer.paypal.com/api/rest/authentication): kept until shortly before it ends,
 * fetched once however many calls wait for it, forgotten when PayPal refuses it.
 */
export class PaypalToken {
  private held: { readonly token: string; readonly until: InstantMs } | undefined;
  private fetching: Promise<string | Unknown> | undefined;

  constructor(
    private readonly credentials: PaypalCredentials,
    private readonly http: HttpCaller,
    private readonly now: () => InstantMs,
  ) {}

  get(): Promise<string | Unknown> {
    if (this.held !== undefined && this.now() < this.held.until) return Promise.resolve(this.held.token);
    this.fetching ??= this.fetch().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  /** Only the token that was refused: another call may have renewed it meanwhile. */
  forget(token: string): void {
    if (this.held?.token === token) this.held = undefined;
  }

  private async fetch(): Promise<string | Unknown> {
    const { url, clientId, clientSecret } = this.credentials;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const headers = {
      authorization: `Basic ${basic}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    const outcome = await this.http.call(`${url}/v1/oauth2/token`, 'POST', headers, 'grant_type=client_credentials');
    if (outcome.kind !== 'answer') return unknown(`no access token: ${outcome.reason}`);
    const { status, text } = outcome.answer;
    if (!isSuccess(status)) return unknown(`no access token: answered ${status}, check client id and secret`);
    const answered = parseObject(text);
    const token = textOf(answered?.['access_token']);
    if (token === undefined) return unknown('no access token: the answer has none');
    const lasts = Number(answered?.['expires_in']);
    this.held = { token, until: this.now() + (lasts > 0 ? seconds(lasts) - earlyMs : 0) };
    return token;
  }
}
