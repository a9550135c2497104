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

/** Every detector of the account stage, with its settings bound. */
export const createDetectors = (settings: DetectionSettings) =>
  ({
    duplicateCharge: duplicateCharge(settings['duplicate-charge']),
    twinCharge: twinCharge(settings['duplicate-charge']),
    stuckHold: stuckHold(),
    paymentUnconfirmed: paymentUnconfirmed(settings['payment-unconfirmed']),
    frozenFunds: frozenFunds(settings['frozen-funds']),
    refundOverdue: refundOverdue(settings['refund-overdue']),
    cancelledOrder: cancelledOrder(settings['refund-overdue']),
    refundAmountWrong: refundAmountWrong(settings['refund-amount-wrong']),
    amountDiffers: amountDiffersFromOrder(settings['duplicate-charge'].keyLifeMs),
    accountTakeover: accountTakeover(settings['account-takeover']),
  }) as const;
