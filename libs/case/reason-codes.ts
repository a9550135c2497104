import type { FindingKind } from '#detection/finding';

/** Under which codes the networks dispute a loss, and what proves it. Source of the codes: facts, "Reason codes". */
export interface DisputeReason {
  readonly case: string;
  readonly visa: readonly string[];
  readonly mastercard: readonly string[];
  readonly discover: readonly string[];
  readonly upi: readonly string[];
  /** What the buyer's bank asks to see, in our words. */
  readonly proof: readonly string[];
}

const duplicate: DisputeReason = {
  case: 'duplicate',
  visa: ['12.6.1'],
  mastercard: ['4834'],
  discover: ['4534'],
  upi: ['U023'],
  proof: [
    'both charges with dates, amounts and references, on one instrument',
    'the one order that both were for',
    'that no second purchase was confirmed or delivered',
  ],
};
const notDelivered: DisputeReason = {
  case: 'not delivered',
  visa: ['13.1'],
  mastercard: ['4853'],
  discover: ['4755'],
  upi: ['U008'],
  proof: [
    'the order and the date promised',
    'that no delivery was told of by that date',
    'that the buyer asked the seller first',
  ],
};
const wrongAmount: DisputeReason = {
  case: 'wrong amount or currency',
  visa: ['12.5', '12.3'],
  mastercard: ['4834', '4846'],
  discover: ['4586'],
  upi: [],
  proof: ['the total that the buyer agreed to', 'what was charged, and the difference', 'the currency that was shown'],
};
const refundMissing: DisputeReason = {
  case: 'refund missing',
  visa: ['13.6', '13.7'],
  mastercard: ['4853'],
  discover: ['8002'],
  upi: ['U021'],
  proof: ['the refund that was promised, with its date', 'that it has not come, or came short, by its time limit'],
};
const takeover: DisputeReason = {
  case: 'account takeover',
  visa: ['10.4'],
  mastercard: ['4837'],
  discover: ['7030'],
  upi: [],
  proof: [
    'the log-ins and changes before the payment, with device and place',
    "the buyer's own device and place until then",
    'that the buyer did not take part',
  ],
};

const reasons: Partial<Readonly<Record<FindingKind, DisputeReason>>> = {
  'duplicate-charge': duplicate,
  'paid-by-other-means': {
    ...duplicate,
    case: 'paid by other means',
    visa: ['12.6.2'],
    discover: ['4865'],
    proof: [
      'the charge that is disputed',
      'the payment by the other means, with its date and amount',
      'the one order that both were for',
    ],
  },
  'amount-differs-from-order': wrongAmount,
  'undisclosed-fee': wrongAmount,
  'refund-overdue': refundMissing,
  'refund-amount-wrong': refundMissing,
  'refund-failed': refundMissing,
  'refund-wrong-instrument': refundMissing,
  'not-delivered': notDelivered,
  'account-takeover': takeover,
  'impossible-travel': takeover,
  'payment-unconfirmed': {
    case: 'debited, no confirmation',
    visa: [],
    mastercard: [],
    discover: [],
    upi: ['U022', 'U009', 'U010'],
    proof: ['the debit, with its reference', 'that no confirmation came by the time limit'],
  },
};

/** Each case of the networks that one of the kinds falls under, once, in the order of the kinds. */
export const disputeReasons = (kinds: readonly FindingKind[]): readonly DisputeReason[] => [
  ...new Map(
    kinds.flatMap((kind) => (reasons[kind] === undefined ? [] : [[reasons[kind].case, reasons[kind]] as const])),
  ).values(),
];
