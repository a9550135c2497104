import { days, type InstantMs } from '#kernel/time';
import { type Called, Emulator, type Reply } from '#test/providers/emulator';

export const adyenKey = 'adyen-api-key';
export const adyenAccount = 'Shop';

interface Payment {
  readonly value: number;
  readonly currency: string;
  status: 'authorised' | 'captured' | 'cancelled';
}
export interface Modification {
  readonly pspReference: string;
  readonly kind: 'refunds' | 'cancels' | 'reversals';
  readonly payment: string;
  readonly reference: string;
  readonly value: number;
  readonly currency: string;
  readonly at: InstantMs;
  /** What became of it: told by a webhook alone. */
  readonly succeeds: boolean;
}

const keysKept = days(7);

/**
 * Adyen as its documentation says: docs.adyen.com/online-payments/refund, /cancel, /reversal (each is answered `received` with a
 * pspReference, whatever comes of it: too much, or of a cancelled payment, is told by a webhook alone), /development-resources/api-idempotency
 * (the first answer again under a key, for at least 7 days; 704 while it is at work), /development-resources/response-handling
 * (status, errorCode, message, errorType). There is nothing to ask.
 */
export class AdyenEmulator extends Emulator {
  readonly payments = new Map<string, Payment>();
  /** What it has taken on, oldest first: with each of a refund money goes back. */
  readonly modifications: Modification[] = [];
  /** The next request finds another with its key at work. */
  inProgress = false;
  private readonly saved = new Map<string, { readonly at: number; readonly reply: Reply }>();

  pay(id: string, value: number, status: Payment['status'] = 'captured', currency = 'EUR'): void {
    this.payments.set(id, { value, currency, status });
  }

  refunded(payment: string): number {
    return this.modifications
      .filter(({ kind, payment: of }) => kind !== 'cancels' && of === payment)
      .reduce((sum, { value }) => sum + value, 0);
  }

  protected moves({ method }: Called): boolean {
    return method === 'POST';
  }

  protected deny({ headers }: Called): Reply | undefined {
    return headers['x-api-key'] === adyenKey ? undefined : fault(401, '000', 'HTTP Status Response - Unauthorized', 'security');
  }

  protected answer(call: Called): Reply {
    const key = String(call.headers['idempotency-key'] ?? '');
    const known = this.saved.get(key);
    if (this.inProgress) {
      this.inProgress = false;
      return fault(422, '704', 'request already processed or in progress', 'validation');
    }
    if (known !== undefined && this.now() - known.at < keysKept) return known.reply;
    const reply = this.modify(call, key);
    if (key !== '' && reply.status < 300) this.saved.set(key, { at: this.now(), reply });
    return reply;
  }

  private modify({ path, body }: Called, key: string): Reply {
    const [, payment = '', kind = ''] = /^\/payments\/(\w+)\/(refunds|cancels|reversals)$/.exec(path) ?? [];
    const content = JSON.parse(body) as {
      merchantAccount?: string;
      reference?: string;
      amount?: { value: number; currency: string };
    };
    const found = this.payments.get(payment);
    if (content.merchantAccount !== adyenAccount) return fault(403, '901', 'Invalid Merchant Account', 'security');
    if (found === undefined) return fault(422, '167', 'Original pspReference required for this operation', 'validation');
    if (kind === 'refunds' && content.amount === undefined) return fault(422, '100', 'No amount specified', 'validation');
    const { value, currency } = content.amount ?? found;
    if (currency !== found.currency) return fault(422, '138', 'Currency is not the currency of the payment', 'validation');
    const pspReference = `MOD${String(this.modifications.length + 1).padStart(13, '0')}`;
    const { reference = '' } = content;
    const succeeds =
      kind === 'cancels'
        ? found.status === 'authorised'
        : found.status !== 'cancelled' && this.refunded(payment) + value <= found.value;
    const at = this.now();
    this.modifications.push({
      pspReference,
      kind: kind as Modification['kind'],
      payment,
      reference,
      value,
      currency,
      at,
      succeeds,
    });
    if (kind === 'cancels' && succeeds) found.status = 'cancelled';
    const amount = { minor: value, currency };
    if (succeeds)
      this.did({ key, kind: kind === 'refunds' ? 'refund' : 'void', paymentId: payment, amount, reference: pspReference });
    return {
      status: 201,
      body: {
        merchantAccount: adyenAccount,
        paymentPspReference: payment,
        pspReference,
        reference,
        status: 'received',
        ...(kind === 'refunds' ? { amount: content.amount } : {}),
      },
    };
  }
}

const fault = (status: number, errorCode: string, message: string, errorType: string): Reply => ({
  status,
  body: { status, errorCode, message, errorType },
});
