const dayMs = 86_400_000;

/**
 * The same time of day `count` working days later: weekends do not count, nor TARGET holidays for the euro. National holidays
 * are left out on purpose; the simulator plants no deadline across one.
 */
export function addWorkingDays(from: number, count: number, currency: string): number {
  let at = from;
  for (let left = count; left > 0;) {
    at += dayMs;
    if (isWorkingDay(at, currency)) left--;
  }
  return at;
}

function isWorkingDay(at: number, currency: string): boolean {
  const weekday = new Date(at).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !(currency === 'EUR' && isTargetHoliday(at));
}

function isTargetHoliday(at: number): boolean {
  const date = new Date(at);
  const day = `${date.getUTCMonth() + 1}-${date.getUTCDate()}`;
  if (['1-1', '5-1', '12-25', '12-26'].includes(day)) return true;
  const fromEaster = Math.floor(at / dayMs) - Math.floor(easterSunday(date.getUTCFullYear()) / dayMs);
  return fromEaster === -2 || fromEaster === 1;
}

/** Gauss's rule in the form of Meeus, Jones and Butcher. */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return Date.UTC(year, month - 1, ((h + l - 7 * m + 114) % 31) + 1);
}
