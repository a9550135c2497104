import type { ActionKind, CaseOutcome, CaseStage, ClockName } from '#case/case';
import type { FindingKind } from '#detection/finding';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];
/** One thing said in every language. */
export type Said = Readonly<Record<Language, string>>;

/** What happened, as a buyer would say it. Nothing here accuses anybody. */
export const whatHappened: Readonly<Record<FindingKind, Said>> = {
  'duplicate-charge': { en: 'You were charged more than once for one order.', zh: '同一笔订单被重复扣款。' },
  'paid-by-other-means': { en: 'An order that was paid already was charged again.', zh: '订单已经付款，又被再次扣款。' },
  'stuck-hold': { en: 'Money was held on your account and not released in time.', zh: '一笔预授权资金未按时解冻。' },
  'payment-unconfirmed': { en: 'A payment was started and never confirmed.', zh: '一笔付款已发起，但一直没有确认。' },
  'frozen-funds': { en: 'Your money is frozen for longer than it should be.', zh: '您的资金被冻结，已超过应有的期限。' },
  'refund-overdue': { en: 'A refund is late.', zh: '退款已经逾期。' },
  'refund-amount-wrong': { en: 'A refund has the wrong amount.', zh: '退款金额不正确。' },
  'refund-wrong-instrument': { en: 'A refund did not go back to where you paid from.', zh: '退款没有退回原付款方式。' },
  'refund-failed': { en: 'A refund failed after it had been announced.', zh: '退款通知成功之后又失败了。' },
  'amount-differs-from-order': {
    en: 'You were charged another amount than your order came to.',
    zh: '扣款金额与订单金额不一致。',
  },
  'undisclosed-fee': { en: 'You were charged a fee that you had not been shown.', zh: '收取了事先没有告知的费用。' },
  'not-delivered': { en: 'What you paid for was not delivered.', zh: '已付款的商品没有送达。' },
  'paid-out-before-delivery': { en: 'The merchant was paid before your delivery.', zh: '商品送达之前，货款已付给商家。' },
  'balance-differs': { en: 'Your balance does not agree with your transactions.', zh: '余额与交易记录不一致。' },
  'statement-without-order': {
    en: 'Your statement shows a debit that belongs to no order.',
    zh: '账单上有一笔不属于任何订单的扣款。',
  },
  'order-without-statement': { en: 'A payment does not show on your statement.', zh: '一笔付款没有出现在账单上。' },
  'statement-amount-differs': { en: 'Your statement shows another amount than the payment.', zh: '账单金额与付款金额不一致。' },
  'limit-exceeded': { en: 'A payment went beyond the limit that you set.', zh: '付款超过了您设定的限额。' },
  'account-takeover': { en: 'Someone else may have used your account.', zh: '您的账户可能被他人使用。' },
  'impossible-travel': { en: 'Your account was used from places too far apart.', zh: '您的账户在相距过远的地点被使用。' },
  'credential-stuffing': { en: 'Someone tried many passwords.', zh: '有人尝试了大量密码。' },
  'card-testing': { en: 'Cards were tried out with small payments.', zh: '有人用小额付款测试银行卡。' },
  'spend-outlier': { en: 'A payment is very unlike your others.', zh: '一笔付款与您平时的付款很不相同。' },
  'compromised-merchant': {
    en: 'Card data may have been taken at a shop where you paid.',
    zh: '您付款的商家可能发生了卡信息泄露。',
  },
  'merchant-anomaly': { en: 'A merchant behaves unlike before.', zh: '商家的行为与以往不同。' },
  'insider-abuse': { en: 'An act on your account is being checked.', zh: '您账户上的一项操作正在核查。' },
  'payment-outage': { en: 'Payments failed for a technical reason.', zh: '付款因技术原因失败。' },
  'buyer-complaint': { en: 'You told us that something is wrong.', zh: '您向我们反映了一个问题。' },
};

export const whereItStands: Readonly<Record<Exclude<CaseStage, 'closed'>, Said>> = {
  open: { en: 'We have opened a case and will look at it.', zh: '我们已立案，即将处理。' },
  investigating: { en: 'Someone is looking at it.', zh: '正在调查。' },
  awaiting_buyer: { en: 'We are waiting for you.', zh: '正在等待您的回复。' },
  resolving: { en: 'It was decided, and is being put right.', zh: '已有结论，正在处理。' },
};

export const howItEnded: Readonly<Record<CaseOutcome, Said>> = {
  healed: { en: 'It was put right: nothing is missing any more.', zh: '问题已经解决，没有损失。' },
  made_whole: { en: 'Your money was given back.', zh: '款项已退还给您。' },
  rejected: { en: 'We looked at it and found no loss. You may appeal.', zh: '经核查没有发现损失。您可以申诉。' },
  withdrawn: { en: 'The case was withdrawn. You may appeal.', zh: '案件已撤回。您可以申诉。' },
  merged: { en: 'The case goes on together with another case of yours.', zh: '本案已并入您的另一个案件继续处理。' },
};

export const byWhen: Readonly<Record<ClockName, Said>> = {
  acknowledge: { en: 'You hear from us that the case exists', zh: '告知您已受理' },
  answer: { en: 'You get an answer', zh: '给您答复' },
  resolve: { en: 'The case is closed', zh: '结案' },
  pay: { en: 'The money is back with you', zh: '款项退还给您' },
  platform_complaint: { en: 'The platform answers your complaint', zh: '平台处理您的投诉' },
  consumer_association: { en: 'Next: the consumer association', zh: '下一步：消费者协会' },
  mediation: { en: 'Next: mediation', zh: '下一步：调解' },
  arbitration: { en: 'Next: arbitration', zh: '下一步：仲裁' },
  court: { en: 'Next: the court', zh: '下一步：法院' },
  police: { en: 'Next: the police', zh: '下一步：公安机关' },
};

export const whatWasDone: Readonly<Partial<Record<ActionKind, Said>>> = {
  refund: { en: 'A refund was made', zh: '已退款' },
  void: { en: 'A hold was released', zh: '已解除预授权' },
  compensate: { en: 'A compensation was paid', zh: '已支付补偿' },
  freeze: { en: 'Your account was protected', zh: '已对您的账户采取保护措施' },
  unfreeze: { en: 'The protection of your account was lifted', zh: '已解除账户保护' },
};

/** Of what was paid before it is decided. */
export const provisionalCredit: Said = {
  en: 'A provisional credit was given while we look into it',
  zh: '调查期间，已先行为您暂时入账',
};

export const neededFromYou: Said = {
  en: 'Send what shows how it was: a receipt, a bank statement, or a few words. The clocks wait for you meanwhile.',
  zh: '请提供能说明情况的材料：收据、银行账单或文字说明。在您回复之前，时限暂停计算。',
};

/** In each notice and on each page for a buyer. */
export const warnings: readonly Said[] = [
  {
    en: 'We never send a link that asks for your password, card number or a code. Nobody of ours will ask you for them.',
    zh: '我们不会发送要求您输入密码、卡号或验证码的链接，也不会有工作人员向您索取这些信息。',
  },
  {
    en: 'Beware of “compensation experts” and of people who pretend to be us: our help is free, and nobody needs to move money or share a screen for a refund.',
    zh: '谨防所谓“维权专家”“代理退款”以及冒充我们的人：我们的服务不收费，退款不需要您转账或共享屏幕。',
  },
];

export const subjects: Said = { en: 'Your case', zh: '您的案件' };
