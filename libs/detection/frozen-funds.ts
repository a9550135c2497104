import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, NEVER } from '#kernel/time';
import { judge } from '#expectation/expectation';
import { liftedAt, type Freeze } from '#ledger/freeze';
import type { Detector } from '#detection/detector';

export const frozenFundsSettings = {
  freezeMs: durationSetting(
    days(21),
    { min: hours(1), max: days(180) },
    'A freeze that names no end is to be lifted within this time.',
    'PayPal holds up to 21 days',
  ),
} as const satisfies SettingSpec;
export type FrozenFundsSettings = SettingValues<typeof frozenFundsSettings>;
export const frozenFundsDefaults = defaultsOf(frozenFundsSettings);

/**
 * The buyer's money or account is frozen beyond the end that was named, or beyond 21 days where none was. `certain`, at that end,
 * loss what is still held (null where the freeze named no amount). A renewal that was made in time moves the end.
 *
 * Subject: a freeze. Releases of parts lessen the loss; one without an amount lifts it, until it is frozen again. Source: facts,
 * "Holds and stuck funds".
 */
export const frozenFunds = (settings: FrozenFundsSettings): Detector<Freeze> => ({
  name: 'frozen-funds',
  subject: 'freeze',
  assess(freeze, view, claims) {
    if (freeze.frozenAt === NEVER) return NEVER;
    const lifted = liftedAt(freeze);
    const dueAt = freeze.until === NEVER ? lifted.since + settings.freezeMs : freeze.until;
    const standing = judge({ dueAt, metAt: lifted.at, cancelledAt: NEVER }, view.now);
    if (standing.missedAt === NEVER) return standing.dueAt;
    claims.push({
      kind: 'frozen-funds',
      confidence: 'certain',
      money: `freeze/${freeze.id}`,
      at: standing.missedAt,
      clearedAt: standing.clearedAt,
      merchantId: '',
      orderId: '',
      paymentIds: [],
      loss: freeze.amount && { minor: lifted.leftMinor, currency: freeze.amount.currency },
      because: {
        rule: freeze.until === NEVER ? 'freeze-without-end' : 'freeze-beyond-its-end',
        fields: ['until'],
        figures: { freezeId: freeze.id, frozenMinor: freeze.amount?.minor ?? null, currency: freeze.amount?.currency ?? null },
      },
      eventIds: [lifted.since === freeze.frozenAt ? freeze.frozenEventId : freeze.renewedEventId],
    });
    return NEVER;
  },
});
