import type { Currency } from '#kernel/money';
import type { MinorByCurrency, Setting, SettingSpec, SettingValues } from '#kernel/setting';
import type { Ledger } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import type { Limit } from '#ledger/side-facts';

type Per = Limit['per'];

const cap = (doc: string): Setting<MinorByCurrency> => ({
  unit: 'minor_by_currency',
  default: {},
  doc,
  source: 'the platform’s own terms: none unless set',
});

export const limitSettings = {
  accountPayment: cap('Most that one payment may take where the account was told no limit of its own.'),
  accountDay: cap('Most that an account may pay on a day in UTC where it was told no limit of its own.'),
  accountMonth: cap('Most that an account may pay in a calendar month in UTC where it was told no limit of its own.'),
  instrumentPayment: cap('Most that one payment by one instrument may take.'),
  instrumentDay: cap('Most that may be paid by one instrument of an account on a day in UTC.'),
  instrumentMonth: cap('Most that may be paid by one instrument of an account in a calendar month in UTC.'),
} as const satisfies SettingSpec;
export type LimitSettings = SettingValues<typeof limitSettings>;

/** What a limit is about: an account's payments in a currency, or those by one instrument. */
export interface Cap {
  readonly id: string;
  readonly per: Per;
  readonly currency: Currency;
  /** Empty for every instrument. */
  readonly fingerprint: string;
}

export const capOf = (per: Per, currency: Currency, fingerprint = ''): Cap => ({
  id: fingerprint === '' ? `${per}/${currency}` : `${per}/${currency}/${fingerprint}`,
  per,
  currency,
  fingerprint,
});

const pers: readonly Per[] = ['payment', 'day', 'month'];

/** What configuration sets, by what it is per. */
const defaultsOf = (settings: LimitSettings) => ({
  account: { payment: settings.accountPayment, day: settings.accountDay, month: settings.accountMonth },
  instrument: { payment: settings.instrumentPayment, day: settings.instrumentDay, month: settings.instrumentMonth },
});

export interface LimitCaps {
  /** Those that a payment may exceed; none, without a list being made, for nearly all. */
  ofPayment(ledger: Ledger, payment: Payment): readonly Cap[];
  ofLedger(ledger: Ledger): readonly Cap[];
  /** The limit of configuration; undefined where it sets none. */
  defaultMinor(cap: Cap): number | undefined;
}

const NONE: readonly Cap[] = [];

export function limitCaps(settings: LimitSettings): LimitCaps {
  const { account, instrument } = defaultsOf(settings);
  const isAnySet = Object.values(settings).some((limit) => Object.keys(limit).length > 0);

  const ofPayment = ({ side }: Ledger, payment: Payment): readonly Cap[] => {
    if (!isAnySet && (side === null || side.limits.length === 0)) return NONE;
    const { currency, instrument: used } = payment;
    const caps: Cap[] = [];
    for (const per of pers) {
      const isTold = side?.limits.some((limit) => limit.per === per && limit.limit.currency === currency) === true;
      if (isTold || Object.hasOwn(account[per], currency)) caps.push(capOf(per, currency));
      if (used !== null && Object.hasOwn(instrument[per], currency)) caps.push(capOf(per, currency, used.fingerprint));
    }
    return caps;
  };

  return {
    ofPayment,
    ofLedger(ledger) {
      const told = (ledger.side?.limits ?? []).map(({ per, limit }) => capOf(per, limit.currency));
      const paid = ledger.payments.flatMap((payment) => ofPayment(ledger, payment));
      return [...new Map([...told, ...paid].map((one) => [one.id, one])).values()];
    },
    defaultMinor: ({ per, currency, fingerprint }) => (fingerprint === '' ? account : instrument)[per][currency],
  };
}
