/**
 * Codes of chargebacks in which the buyer disputes something else than that they paid: goods, a refund, a sum, a second charge.
 * Source: facts, "Reason codes", and the classes of Visa (11 authorisation, 12 processing, 13 consumer disputes).
 */
const otherReasons = /^(1[123]\.\d+(\.\d+)?|48(34|42|46|53)|45(34|41|42|86)|4755|4865|8002|U0(08|09|10|21|22|23))$/i;

/** Whether a chargeback says that a stranger paid; one without a reason, or with one that is not known, does. */
export const isFraudReason = (reasonCode = ''): boolean => !otherReasons.test(reasonCode.trim());
