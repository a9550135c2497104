import { NEVER } from '#kernel/time';
import type { Wallet, WalletReport } from '#ledger/side-facts';
import { lastEpisode } from '#detection/charges';
import type { Detector } from '#detection/detector';

/**
 * The balance that the buyer is shown is not what credits and debits make of the first one reported. `certain`, at the first report
 * that differs, loss what is missing (null where too much is shown).
 *
 * Subject: the wallet in one currency. The first report known sets the opening balance. A later report that agrees clears it, and
 * so does an entry told late that explains the difference. Reports from before entries that were forgotten are not compared. Source:
 * facts, "Wallet".
 */
export const balanceDiffers: Detector<Wallet> = {
  name: 'balance-differs',
  subject: 'wallet',
  assess(wallet, _view, claims) {
    const reports = checkable(wallet);
    const differenceAt = (at: number): { readonly minor: number; readonly report: WalletReport } => {
      const report = reports.findLast((one) => one.at <= at) as WalletReport;
      return { minor: expectedMinor(wallet, report.at) - report.minor, report };
    };
    const points = [...new Set(reports.map(({ at }) => at))];
    const episode = lastEpisode(points, differenceAt, ({ minor }) => minor !== 0);
    if (episode === undefined) return NEVER;
    const { minor, report } = episode.answer;
    claims.push({
      kind: 'balance-differs',
      confidence: 'certain',
      money: `wallet/${wallet.id}`,
      at: episode.at,
      clearedAt: episode.clearedAt,
      merchantId: '',
      orderId: '',
      paymentIds: [],
      loss: minor > 0 ? { minor, currency: wallet.id } : null,
      because: {
        rule: 'balance-shown-differs-from-entries',
        fields: ['balance'],
        figures: { expectedMinor: report.minor + minor, shownMinor: report.minor, currency: wallet.id },
      },
      eventIds: [reports[0]?.eventId ?? '', report.eventId],
    });
    return NEVER;
  },
};

const checkable = ({ opening, reports }: Wallet): readonly WalletReport[] =>
  reports.filter(({ at }) => opening !== null && at >= opening.at);

/** Opening balance and every entry after it, up to and including an instant. */
function expectedMinor({ opening, entries }: Wallet, at: number): number {
  if (opening === null) return 0;
  let sum = opening.minor;
  for (const entry of entries) if (entry.at > opening.at && entry.at <= at) sum += entry.minor;
  return sum;
}
