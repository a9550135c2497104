import { holdClock } from '#expectation/hold-clock';
import { accountTakeover } from '#detection/account-takeover';
import { amountDiffersFromOrder } from '#detection/amount-differs-from-order';
import { cancelledOrder } from '#detection/cancelled-order';
import { duplicateCharge } from '#detection/duplicate-charge';
import { frozenFunds } from '#detection/frozen-funds';
import { paymentUnconfirmed } from '#detection/payment-unconfirmed';
import { refundAmountWrong } from '#detection/refund-amount-wrong';
import { refundOverdue } from '#detection/refund-overdue';
import type { DetectionSettings } from '#detection/settings';
import { stuckHold } from '#detection/stuck-hold';
import { twinCharge } from '#detection/twin-charge';

import { balanceDiffers } from '#detection/balance-differs';
import { buyerComplaint } from '#detection/buyer-complaint';
import { creditDiffers } from '#detection/credit-differs';
import { impossibleTravel } from '#detection/impossible-travel';
import { limitCaps } from '#detection/limit-caps';
import { limitExceeded } from '#detection/limit-exceeded';
import { notDelivered } from '#detection/not-delivered';
import { allowance } from '#detection/over-capture';
import { paidOutBeforeDelivery } from '#detection/paid-out-before-delivery';
import { refundFailed } from '#detection/refund-failed';
import { refundWrongInstrument } from '#detection/refund-wrong-instrument';
import { doubleDebit, orderWithoutStatement, statementAmountDiffers } from '#detection/statement-checks';
import { statementWithoutOrder } from '#detection/statement-without-order';
import { undisclosedFee } from '#detection/undisclosed-fee';

/** Every detector of the account stage, with its settings bound. */
export function createDetectors(settings: DetectionSettings) {
  const allowedOver = allowance(settings['amount-differs-from-order']);
  return {
    duplicateCharge: duplicateCharge(settings['duplicate-charge'], allowedOver),
    twinCharge: twinCharge(settings['duplicate-charge']),
    stuckHold: stuckHold(holdClock(settings['stuck-hold'])),
    paymentUnconfirmed: paymentUnconfirmed(settings['payment-unconfirmed']),
    frozenFunds: frozenFunds(settings['frozen-funds']),
    refundOverdue: refundOverdue(settings['refund-overdue']),
    cancelledOrder: cancelledOrder(settings['refund-overdue']),
    refundAmountWrong: refundAmountWrong(settings['refund-amount-wrong']),
    amountDiffers: amountDiffersFromOrder(settings['duplicate-charge'].keyLifeMs, allowedOver),
    accountTakeover: accountTakeover(settings['account-takeover']),
    impossibleTravel: impossibleTravel(settings['impossible-travel']),
    undisclosedFee,
    notDelivered: notDelivered(settings['not-delivered']),
    paidOutBeforeDelivery,
    balanceDiffers,
    buyerComplaint,
    refundWrongInstrument,
    refundFailed,
    doubleDebit,
    statementAmountDiffers,
    creditDiffers,
    statementWithoutOrder: statementWithoutOrder(settings['statement-without-order']),
    orderWithoutStatement: orderWithoutStatement(settings['order-without-statement']),
    limitExceeded: limitExceeded(limitCaps(settings['limit-exceeded'])),
  } as const;
}
