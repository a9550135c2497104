import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** A row of `payments.csv`: one invoice of the shop. Its time has minutes only and no zone; it is taken as UTC. */
export interface Invoice {
  readonly payment_id: string;
  readonly kind: 'charge' | 'refund' | 'adjustment';
  readonly ts: string;
  /** Empty where the shop did not know who bought. */
  readonly customer_id: string;
  readonly currency: string;
  readonly amount_minor: string;
}

/** A row of `refund_matches.csv`: a line taken back, and the invoice that it reverses where one was found. */
export interface RefundLine {
  readonly refund_invoice: string;
  readonly refund_ts: string;
  readonly customer_id: string;
  readonly quantity: string;
  readonly unit_price: string;
  readonly orig_invoice: string;
  readonly orig_ts: string;
}

export interface OnlineRetail {
  readonly invoices: readonly Invoice[];
  readonly refundLines: readonly RefundLine[];
}

/** Reads both files of the folder; undefined when it is not there. */
export function readOnlineRetail(folder: string): OnlineRetail | undefined {
  const [payments, refunds] = [join(folder, 'payments.csv.gz'), join(folder, 'refund_matches.csv.gz')];
  if (!existsSync(payments) || !existsSync(refunds)) return undefined;
  return { invoices: readRows<Invoice>(payments), refundLines: readRows<RefundLine>(refunds) };
}

const readRows = <Row>(path: string): Row[] => parse<Row>(gunzipSync(readFileSync(path)), { columns: true });
