import type { AnyEvent, EventOf } from '#event/event';
import type { InstantMs } from '#kernel/time';
import { NEVER } from '#kernel/time';
import { findById, paymentsOfOrder, refundsOfPayment, type Ledger, type Touched } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import type { SideFacts } from '#ledger/side-facts';
import { THE_ACCOUNT } from '#detection/account-takeover';
import { createDetectors } from '#detection/detectors';
import type { Detector, SubjectKind } from '#detection/detector';
import type { DetectionSettings } from '#detection/settings';
import { capOf, limitCaps, type LimitCaps } from '#detection/limit-caps';
import { hasLaterTwins, laterTwins } from '#detection/twin-charge';

/** Runs one detector on one subject and tells what changed. */
export type Assess = <Subject extends { readonly id: string }>(detector: Detector<Subject>, subject: Subject) => void;

/** Which detectors an event concerns, and which detector a stored deadline belongs to. */
export interface Plan {
  run(event: AnyEvent, touched: Touched, ledger: Ledger, assess: Assess): void;
  /** What rests on what providers' feeds have shown (coverage.ts). */
  runCovered(ledger: Ledger, assess: Assess): void;
  /** False when the subject was forgotten. */
  rerun(detector: string, subject: string, ledger: Ledger, assess: Assess): boolean;
  /** Every subject of one detector. */
  rerunAll(detector: string, ledger: Ledger, assess: Assess): void;
}

interface Identified {
  readonly id: string;
}

type SubjectsOf = Readonly<Record<SubjectKind, (ledger: Ledger) => readonly Identified[]>>;

const subjectsWith = (caps: LimitCaps): SubjectsOf => ({
  order: ({ orders }) => orders,
  payment: ({ payments }) => payments,
  refund: ({ refunds }) => refunds,
  freeze: ({ freezes }) => freezes,
  account: () => [THE_ACCOUNT],
  fee: ({ side }) => side?.fees ?? [],
  payout: ({ side }) => side?.payouts ?? [],
  wallet: ({ side }) => side?.wallets ?? [],
  complaint: ({ side }) => side?.complaints ?? [],
  line: ({ side }) => side?.lines ?? [],
  limit: (ledger) => caps.ofLedger(ledger),
});

/**
 * The detectors by what they look at. Events of every purchase (placed, authorised, captured, confirmed) reach only the detectors
 * that they can change; the rare ones have everything around the payment assessed again.
 */
export function createPlan(settings: DetectionSettings): Plan {
  const detect = createDetectors(settings);
  const byName = new Map<string, Detector<never>>(
    Object.values(detect).map((detector) => [detector.name, detector as Detector<never>]),
  );
  const caps = limitCaps(settings['limit-exceeded']);
  const subjects = subjectsWith(caps);
  const takeoverWindowMs = settings['account-takeover'].windowMs;

  const reviewOrder = (ledger: Ledger, orderId: string, assess: Assess): void => {
    const order = orderId === '' ? undefined : findById(ledger.orders, orderId);
    if (order === undefined) return;
    assess(detect.duplicateCharge, order);
    assess(detect.amountDiffers, order);
    assess(detect.notDelivered, order);
  };
  const reviewTwins = (ledger: Ledger, payment: Payment, assess: Assess): void => {
    if (ledger.payments.length < 2) return;
    assess(detect.twinCharge, payment);
    if (hasLaterTwins(ledger, payment)) for (const later of laterTwins(ledger, payment)) assess(detect.twinCharge, later);
  };
  const reviewRefunds = (ledger: Ledger, payment: Payment, assess: Assess): void => {
    for (const refund of refundsOfPayment(ledger, payment.id)) {
      assess(detect.refundOverdue, refund);
      assess(detect.refundAmountWrong, refund);
      assess(detect.refundFailed, refund);
      if (ledger.side !== null) assess(detect.creditDiffers, refund);
    }
    // Which instruments are the buyer's is learnt from every payment.
    for (const refund of ledger.refunds) assess(detect.refundWrongInstrument, refund);
  };
  /** What few accounts have, as far as the payment may concern it. */
  const reviewSide = (side: SideFacts, payment: Payment, assess: Assess): void => {
    const isAbout = (of: { readonly orderId: string; readonly paymentId?: string }): boolean =>
      of.paymentId === payment.id || (of.orderId !== '' && of.orderId === payment.orderId);
    if (side.lines.length > 0) {
      assess(detect.doubleDebit, payment);
      assess(detect.statementAmountDiffers, payment);
      assess(detect.orderWithoutStatement, payment);
      for (const line of side.lines) assess(detect.statementWithoutOrder, line);
    }
    for (const fee of side.fees) assess(detect.undisclosedFee, fee);
    for (const payout of side.payouts) if (isAbout(payout)) assess(detect.paidOutBeforeDelivery, payout);
    for (const complaint of side.complaints) if (isAbout(complaint)) assess(detect.buyerComplaint, complaint);
  };
  const reviewOrderSide = (ledger: Ledger, orderId: string, assess: Assess): void => {
    for (const payout of ledger.side?.payouts ?? []) if (payout.orderId === orderId) assess(detect.paidOutBeforeDelivery, payout);
    for (const fee of ledger.side?.fees ?? []) assess(detect.undisclosedFee, fee);
    for (const complaint of ledger.side?.complaints ?? [])
      if (complaint.orderId === orderId) assess(detect.buyerComplaint, complaint);
  };
  const reviewStatement = (ledger: Ledger, assess: Assess): void => {
    for (const payment of ledger.payments) {
      assess(detect.doubleDebit, payment);
      assess(detect.statementAmountDiffers, payment);
      assess(detect.orderWithoutStatement, payment);
    }
    for (const line of ledger.side?.lines ?? []) assess(detect.statementWithoutOrder, line);
    for (const refund of ledger.refunds) {
      assess(detect.refundOverdue, refund);
      assess(detect.creditDiffers, refund);
    }
  };
  const reviewPayment = (ledger: Ledger, payment: Payment, assess: Assess): void => {
    assess(detect.stuckHold, payment);
    assess(detect.paymentUnconfirmed, payment);
    assess(detect.cancelledOrder, payment);
    reviewOrder(ledger, payment.orderId, assess);
    reviewTwins(ledger, payment, assess);
    reviewRefunds(ledger, payment, assess);
    for (const cap of caps.ofPayment(ledger, payment)) assess(detect.limitExceeded, cap);
    if (ledger.side !== null) reviewSide(ledger.side, payment, assess);
  };
  const reviewTakeover = (ledger: Ledger, at: InstantMs, assess: Assess): void => {
    const suspectAt = ledger.profile?.suspectAt ?? -NEVER;
    if (at <= suspectAt + takeoverWindowMs) assess(detect.accountTakeover, THE_ACCOUNT);
  };
  const reviewTravel = ({ profile }: Ledger, at: InstantMs, assess: Assess): void => {
    if (profile !== null && at <= profile.suspectAt && profile.logIns.length > 1) assess(detect.impossibleTravel, THE_ACCOUNT);
  };

  const run = (event: AnyEvent, { payment, order, freeze, sideKey }: Touched, ledger: Ledger, assess: Assess): void => {
    switch (event.type) {
      case 'payment.created':
        if (payment === undefined) return;
        if (isMoreKnown(payment, ledger)) reviewPayment(ledger, payment, assess);
        else assess(detect.paymentUnconfirmed, payment);
        return reviewTakeover(ledger, event.at, assess);
      case 'payment.authorised':
        if (payment === undefined) return;
        if (isMoreKnown(payment, ledger)) reviewPayment(ledger, payment, assess);
        assess(detect.stuckHold, payment);
        assess(detect.paymentUnconfirmed, payment);
        return reviewTakeover(ledger, event.at, assess);
      case 'payment.captured':
        if (payment === undefined) return;
        reviewPayment(ledger, payment, assess);
        return reviewTakeover(ledger, event.at, assess);
      case 'payment.failed':
      case 'payment.voided':
      case 'payment.expired':
      case 'payment.settled':
        if (payment !== undefined) reviewPayment(ledger, payment, assess);
        return;
      case 'chargeback.opened':
      case 'chargeback.closed':
        if (payment !== undefined) reviewPayment(ledger, payment, assess);
        if (ledger.profile !== null) assess(detect.accountTakeover, THE_ACCOUNT);
        return;
      case 'refund.requested':
      case 'refund.approved':
      case 'refund.rejected':
      case 'refund.submitted':
      case 'refund.succeeded':
      case 'refund.failed':
      case 'refund.posted':
        if (payment !== undefined) reviewPayment(ledger, payment, assess);
        return reviewTakeover(ledger, event.at, assess);
      case 'order.placed':
      case 'order.cancelled':
        if (order === undefined) return;
        for (const paid of paymentsOfOrder(ledger, order.id)) reviewPayment(ledger, paid, assess);
        if (ledger.side !== null) reviewOrderSide(ledger, order.id, assess);
        return reviewTakeover(ledger, event.at, assess);
      case 'order.confirmed':
      case 'delivery.shipped':
      case 'delivery.delivered':
      case 'delivery.returned':
        if (order === undefined) return;
        for (const paid of paymentsOfOrder(ledger, order.id)) {
          assess(detect.paymentUnconfirmed, paid);
          reviewTwins(ledger, paid, assess);
          if (order.course.returnedAt === NEVER) continue;
          assess(detect.cancelledOrder, paid);
          for (const refund of refundsOfPayment(ledger, paid.id)) assess(detect.refundOverdue, refund);
        }
        if (event.type === 'order.confirmed') return;
        assess(detect.notDelivered, order);
        if (ledger.side !== null) reviewOrderSide(ledger, order.id, assess);
        return;
      case 'funds.frozen':
      case 'funds.unfrozen':
        if (freeze !== undefined) assess(detect.frozenFunds, freeze);
        return;
      case 'account.logged_in':
      case 'account.step_up_passed':
        reviewTravel(ledger, event.at, assess);
        return reviewTakeover(ledger, event.at, assess);
      case 'account.travel_announced':
        reviewTravel(ledger, -NEVER, assess);
        return reviewTakeover(ledger, event.at, assess);
      case 'account.created':
      case 'account.login_failed':
      case 'account.password_changed':
      case 'account.second_factor_changed':
      case 'account.contact_changed':
      case 'account.address_changed':
      case 'account.payout_changed':
      case 'account.instrument_added':
      case 'account.phishing_reported':
        return reviewTakeover(ledger, event.at, assess);
      case 'account.limit_set':
        return assess(detect.limitExceeded, capOf(event.data.per, event.data.limit.currency));
      case 'payout.held':
      case 'payout.released':
      case 'payout.paid':
        assessById(detect.paidOutBeforeDelivery, ledger.side?.payouts, sideKey, assess);
        return reviewTakeover(ledger, event.at, assess);
      case 'wallet.credited':
      case 'wallet.debited':
      case 'wallet.balance_reported':
        return assessById(detect.balanceDiffers, ledger.side?.wallets, sideKey, assess);
      case 'fee.charged':
        // A fee that was declared explains what was kept back from a refund.
        for (const paid of feePayments(ledger, event)) reviewPayment(ledger, paid, assess);
        for (const fee of ledger.side?.fees ?? []) assess(detect.undisclosedFee, fee);
        return;
      case 'statement.line':
        return reviewStatement(ledger, assess);
      case 'complaint.filed':
        return assessById(detect.buyerComplaint, ledger.side?.complaints, sideKey, assess);
      case 'merchant.vetted':
      case 'merchant.reported':
        return;
    }
  };

  return {
    run,
    runCovered(ledger, assess) {
      for (const refund of ledger.refunds) assess(detect.refundOverdue, refund);
    },
    rerun(name, id, ledger, assess) {
      const detector = byName.get(name);
      const subject =
        detector && subjects[detector.subject](ledger).find((one) => one.id === id || detector.subject === 'account');
      if (detector === undefined || subject === undefined) return false;
      assess(detector as Detector<Identified>, subject);
      return true;
    },
    rerunAll(name, ledger, assess) {
      const detector = byName.get(name);
      if (detector === undefined) return;
      for (const subject of [...subjects[detector.subject](ledger)]) assess(detector as Detector<Identified>, subject);
    },
  };
}

/** Something beyond its start was told before it: a capture, a refund of any payment, or a fact beside payments. */
const isMoreKnown = (payment: Payment, ledger: Ledger): boolean =>
  payment.captures.length > 0 || ledger.refunds.length > 0 || ledger.side !== null;

function assessById<Subject extends { readonly id: string }>(
  detector: Detector<Subject>,
  subjects: readonly Subject[] | undefined,
  id: string,
  assess: Assess,
): void {
  const subject = subjects?.find((one) => one.id === id);
  if (subject !== undefined) assess(detector, subject);
}

const feePayments = (ledger: Ledger, { data }: EventOf<'fee.charged'>): readonly Payment[] =>
  ledger.payments.filter(
    (payment) => payment.id === data.paymentId || (data.orderId !== undefined && payment.orderId === data.orderId),
  );
