import { days, hours } from '#kernel/time';
import { type Called, Emulator, type Reply } from '#test/providers/emulator';

export const paypalClient = { clientId: 'paypal-client', clientSecret: 'paypal-secret' };

interface Capture {
  readonly value: string;
  readonly currency: string;
  readonly order: string | undefined;
}
export interface PaypalRefund {
  readonly id: string;
  readonly capture: string;
  readonly amount: { readonly value: string; readonly currency_code: string };
  readonly custom_id: string | undefined;
  status: 'COMPLETED' | 'PENDING' | 'FAILED' | 'CANCELLED';
  status_details?: { reason: string };
}

/** Payments API v2: a PayPal-Request-Id of a refund is stored for 45 days. */
const keysKept = days(45);
const tokenLasts = hours(9);

/**
 * PayPal as its documentation says: developer.paypal.com/api/payments/v2 (refund of a capture, void of an authorisation, refund and capture by
 * id; statuses; 204 for a void without representation), /reference/guidelines/idempotency (the latest state of the first request under a
 * PayPal-Request-Id), /api/rest/authentication (client credentials, expires_in), /api/orders/v2 (an order shows its refunds),
 * /api/rest/responses (name, details with issues). It tells nobody when a refund fails.
 */
export class PaypalEmulator extends Emulator {
  readonly captures = new Map<string, Capture>();
  readonly authorizations = new Map<string, string>();
  readonly refunds: PaypalRefund[] = [];
  firstStatus: PaypalRefund['status'] = 'COMPLETED';
  /** Tokens handed out. */
  tokens = 0;
  private valid: { readonly token: string; readonly until: number } | undefined;
  private readonly saved = new Map<string, { readonly at: number; readonly again: () => Reply }>();

  pay(id: string, value: string, currency = 'EUR', order: string | undefined = `ORDER${id}`): void {
    this.captures.set(id, { value, currency, order });
  }

  /** Decimal text times a hundred. */
  refunded(capture: string): number {
    const counted = this.refunds.filter(
      ({ capture: of, status }) => of === capture && (status === 'COMPLETED' || status === 'PENDING'),
    );
    return counted.reduce((sum, { amount }) => sum + hundredfold(amount.value), 0);
  }

  revokeToken(): void {
    this.valid = undefined;
  }

  protected moves({ method, path }: Called): boolean {
    return method === 'POST' && path !== '/v1/oauth2/token';
  }

  protected deny({ path, headers }: Called): Reply | undefined {
    if (path === '/v1/oauth2/token') return undefined;
    if (this.valid !== undefined && this.now() < this.valid.until && headers.authorization === `Bearer ${this.valid.token}`)
      return undefined;
    return {
      status: 401,
      body: { error: 'invalid_token', error_description: 'The token passed in was not found in the system' },
    };
  }

  protected answer(call: Called): Reply {
    if (call.path === '/v1/oauth2/token') return this.authenticate(call);
    if (call.method === 'GET') return this.read(call.path);
    const key = String(call.headers['paypal-request-id'] ?? '');
    const known = this.saved.get(key);
    if (known !== undefined && this.now() - known.at < keysKept) return known.again();
    const again = this.perform(call, key);
    if (typeof again !== 'function') return again;
    if (key !== '') this.saved.set(key, { at: this.now(), again });
    return { ...again(), status: 201 };
  }

  private authenticate({ headers, body }: Called): Reply {
    const basic = Buffer.from(`${paypalClient.clientId}:${paypalClient.clientSecret}`).toString('base64');
    if (headers.authorization !== `Basic ${basic}` || body !== 'grant_type=client_credentials')
      return { status: 401, body: { error: 'invalid_client', error_description: 'Client Authentication failed' } };
    this.tokens += 1;
    this.valid = { token: `A21-${this.tokens}`, until: this.now() + tokenLasts };
    return { status: 200, body: { access_token: this.valid.token, token_type: 'Bearer', expires_in: tokenLasts / 1_000 } };
  }

  /** A function that says how the request stands now: the same is asked under its key again. */
  private perform({ path, body }: Called, key: string): Reply | (() => Reply) {
    const [, resource, id = '', verb] = /^\/v2\/payments\/(\w+)\/(\w+)\/(\w+)$/.exec(path) ?? [];
    if (resource === 'authorizations' && verb === 'void') {
      const status = this.authorizations.get(id);
      if (status === undefined) return fault(404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID');
      if (status === 'VOIDED') return fault(422, 'UNPROCESSABLE_ENTITY', 'PREVIOUSLY_VOIDED');
      if (status !== 'CREATED') return fault(422, 'UNPROCESSABLE_ENTITY', 'PREVIOUSLY_CAPTURED');
      this.authorizations.set(id, 'VOIDED');
      this.did({ key, kind: 'void', paymentId: id, reference: id });
      return () => this.read(`/v2/payments/authorizations/${id}`);
    }
    const capture = this.captures.get(id);
    if (resource !== 'captures' || verb !== 'refund' || capture === undefined)
      return fault(404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID');
    const { amount, custom_id } = JSON.parse(body) as Pick<PaypalRefund, 'amount' | 'custom_id'>;
    if (withoutDecimals.test(amount.currency_code) && amount.value.includes('.'))
      return fault(422, 'UNPROCESSABLE_ENTITY', 'DECIMALS_NOT_SUPPORTED');
    if (amount.currency_code !== capture.currency) return fault(422, 'UNPROCESSABLE_ENTITY', 'CURRENCY_MISMATCH');
    if (this.refunded(id) + hundredfold(amount.value) > hundredfold(capture.value))
      return fault(422, 'UNPROCESSABLE_ENTITY', this.refunded(id) > 0 ? 'REFUND_AMOUNT_EXCEEDED' : 'MAX_AMOUNT_EXCEEDED');
    const refund: PaypalRefund = {
      id: `REFUND${this.refunds.length + 1}00000000`,
      capture: id,
      amount,
      custom_id,
      status: this.firstStatus,
    };
    this.refunds.push(refund);
    const { value, currency_code: currency } = amount;
    this.did({ key, kind: 'refund', paymentId: id, amount: { minor: minorOf(value, currency), currency }, reference: refund.id });
    return () => ({ status: 200, body: { ...refund } });
  }

  private read(path: string): Reply {
    const [, kind, id = ''] = /^\/v2\/(?:payments|checkout)\/(\w+)\/(\w+)$/.exec(path) ?? [];
    const body =
      kind === 'refunds'
        ? this.refunds.find((refund) => refund.id === id)
        : kind === 'orders'
          ? this.order(id)
          : this.payment(kind, id);
    return body === undefined ? fault(404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID') : { status: 200, body };
  }

  private payment(kind: string | undefined, id: string): object | undefined {
    if (kind === 'authorizations') return this.authorizations.has(id) ? { id, status: this.authorizations.get(id) } : undefined;
    const capture = this.captures.get(id);
    if (capture === undefined) return undefined;
    const back = this.refunded(id);
    const status = back === 0 ? 'COMPLETED' : back < hundredfold(capture.value) ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
    return {
      id,
      status,
      ...(capture.order === undefined ? {} : { supplementary_data: { related_ids: { order_id: capture.order } } }),
    };
  }

  private order(id: string): object | undefined {
    const captures = [...this.captures].filter(([, { order }]) => order === id).map(([captureId]) => captureId);
    if (captures.length === 0) return undefined;
    return {
      id,
      status: 'COMPLETED',
      purchase_units: [{ payments: { refunds: this.refunds.filter(({ capture }) => captures.includes(capture)) } }],
    };
  }
}

const withoutDecimals = /^(HUF|JPY|TWD)$/;
const hundredfold = (value: string): number => Math.round(Number(value) * 100);
const minorOf = (value: string, currency: string): number =>
  withoutDecimals.test(currency) ? Number(value) : hundredfold(value);

const fault = (status: number, name: string, issue: string): Reply => ({
  status,
  body: { name, message: 'The requested action could not be performed', details: [{ issue }], debug_id: '1' },
});
