import fc from 'fast-check';
import { accrualsOf } from '#case/accruals';
import { hearBuyer } from '#case/buyer-acts';
import { placeOf } from '#case/calendar';
import type { Case } from '#case/case';
import { clockSettings } from '#case/clocks';
import { applyFinding, missClocks, moveStage } from '#case/life';
import { loadConfig } from '#config/config';
import { defaultsOf } from '#kernel/setting';
import { countryCalendar, weekendsOnly } from '#kernel/calendars';
import { formatInstant, hours, type InstantMs } from '#kernel/time';
import {
  addBusinessHours,
  addWorkingDays,
  businessHoursBetween,
  resumeWorkingDays,
  workingDaysBetween,
} from '#kernel/working-days';
import type { Finding } from '#detection/finding';
import { bothPayments, contextOf, findingOf } from '#test/money/examples';
import { runs } from '#test/laws/runs';

const at = (text: string): InstantMs => Date.parse(text);
const context = contextOf();
const then = (now: InstantMs) => ({ now, clocks: context.clocks });
const openedBy = (finding: Finding, payments = bothPayments()): Case => applyFinding([], finding, payments, context)!.case;
const inCurrency = (currency: string, patch: Partial<Finding> = {}): Case =>
  openedBy(findingOf({ loss: { minor: 5_000, currency }, ...patch }), bothPayments({ currency }));
const dueOf = (held: Case, name: string): string => formatInstant(held.clocks.find((clock) => clock.name === name)!.dueAt);
const wait = (held: Case, now: InstantMs): Case =>
  moveStage({ case: held, entries: [], notices: [] }, 'awaiting_buyer', now, 'ines').case;
const calendars = ['CN', 'DE', 'US', 'SA', 'IR', 'IN'].map(countryCalendar);
const anyInstant = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2026-12-01T00:00:00Z') });

describe('clocks of a case', () => {
  it('follow the rules of the place: China, PSD2, Reg E', () => {
    // 2026-06-01 is a Monday; the Dragon Boat holiday of 2026 is Friday, 19 June.
    expect(dueOf(inCurrency('CNY'), 'answer')).toBe('2026-06-10T10:00:00.000Z');
    expect(dueOf(inCurrency('CNY'), 'resolve')).toBe('2026-06-23T10:00:00.000Z');
    expect(dueOf(inCurrency('EUR'), 'answer')).toBe('2026-06-22T10:00:00.000Z');
    expect(dueOf(inCurrency('EUR', { kind: 'account-takeover' }), 'pay')).toBe('2026-06-02T10:00:00.000Z');
    expect(dueOf(inCurrency('USD'), 'resolve')).toBe('2026-07-16T10:00:00.000Z');
    expect(placeOf(findingOf({ loss: null, paymentIds: [] }), []).jurisdiction).toBe('other');
  });

  it('come under the law of the place once it is known: a takeover is seen before anything is taken', () => {
    const seen = findingOf({ kind: 'account-takeover', loss: null, paymentIds: [] });
    const opened = openedBy(seen, []);
    expect(dueOf(opened, 'pay')).toBe('2026-06-15T10:00:00.000Z');
    const taken = {
      ...seen,
      loss: { minor: 5_000, currency: 'EUR' },
      paymentIds: bothPayments().map(({ paymentId }) => paymentId),
    };
    const capturedAt = at('2026-06-02T08:00:00Z');
    const payments = bothPayments({ currency: 'EUR', capturedAt });
    const step = applyFinding([opened], taken, payments, context)!;
    expect(dueOf(step.case, 'pay')).toBe('2026-06-03T08:00:00.000Z');
    expect(dueOf(step.case, 'answer')).toBe(dueOf(opened, 'answer'));
    expect(step.entries.map(({ what }) => what)).toContain('clocks sooner');
    const again = applyFinding([step.case], { ...taken, confidence: 'likely' }, payments, context)!;
    expect(dueOf(again.case, 'pay')).toBe('2026-06-03T08:00:00.000Z');
    expect(again.entries.map(({ what }) => what)).not.toContain('clocks sooner');
  });

  it('stand as they are promised where the law would give longer, and while they stand still', () => {
    const seen = findingOf({ kind: 'buyer-complaint', loss: null, paymentIds: [] });
    const opened = openedBy(seen, []);
    const told = { ...seen, loss: { minor: 5_000, currency: 'CNY' } };
    const asked = wait(opened, at('2026-06-01T12:00:00Z'));
    expect(applyFinding([asked], told, [], context)!.case.clocks).toEqual(asked.clocks);
    const hastened = applyFinding([opened], told, [], context)!.case;
    expect([dueOf(hastened, 'answer'), dueOf(hastened, 'resolve')]).toEqual([
      '2026-06-10T10:00:00.000Z',
      '2026-06-23T10:00:00.000Z',
    ]);
    const late = { ...told, at: '2026-06-20T10:00:00.000Z' };
    expect(dueOf(applyFinding([opened], late, [], context)!.case, 'answer')).toBe(dueOf(opened, 'answer'));
  });

  it("count China's moved workdays and the weekends of the Gulf", () => {
    // Before the National Day week of 2025 the Sunday of 28 September was worked; the week itself counts nothing.
    expect(formatInstant(addWorkingDays(at('2025-09-26T10:00:00Z'), 1, countryCalendar('CN')))).toBe('2025-09-28T10:00:00.000Z');
    expect(formatInstant(addWorkingDays(at('2025-09-30T10:00:00Z'), 1, countryCalendar('CN')))).toBe('2025-10-09T10:00:00.000Z');
    expect(formatInstant(addWorkingDays(at('2026-06-04T10:00:00Z'), 1, countryCalendar('SA')))).toBe('2026-06-07T10:00:00.000Z');
  });

  it('stand still while the buyer is awaited, and have as many working days left as they had', () => {
    const held = inCurrency('USD');
    const asked = wait(held, at('2026-06-03T09:00:00Z'));
    expect(asked.clocks.every(({ state }) => state === 'paused')).toBe(true);
    expect(missClocks(asked, then(at('2027-06-03T09:00:00Z')))).toBeUndefined();
    const back = hearBuyer(asked, 'buyer wrote', 'here', at('2026-06-10T15:00:00Z')).case;
    expect(back).toMatchObject({ stage: 'investigating' });
    // Due on Thursday, a day after Wednesday; it went on on a Wednesday.
    expect(dueOf(back, 'acknowledge')).toBe('2026-06-11T10:00:00.000Z');
    expect(Date.parse(dueOf(back, 'resolve')) - Date.parse(dueOf(held, 'resolve'))).toBe(hours(24 * 7 + 6));
    expect(back.clocks.every(({ state, pausedAt }) => state === 'running' && pausedAt === undefined)).toBe(true);
  });

  it('a clock that was past before the buyer was asked is missed all the same', () => {
    const asked = wait(inCurrency('EUR'), at('2026-06-05T09:00:00Z'));
    const missed = missClocks(asked, then(at('2026-06-05T09:00:01Z')))!;
    expect(missed.entries.map(({ what, data }) => [what, data['clock']])).toEqual([['clock missed', 'acknowledge']]);
  });

  it('no pause brings a deadline nearer, and one of no length moves nothing', () => {
    fc.assert(
      fc.property(
        anyInstant,
        fc.nat(30),
        fc.nat(),
        fc.nat(90 * 86_400_000),
        fc.constantFrom(...calendars),
        (from, count, part, pause, calendar) => {
          const dueAt = addWorkingDays(from, count + 1, calendar);
          const pausedAt = from + (part % (dueAt - from));
          const resumedAt = pausedAt + pause;
          const after = resumeWorkingDays({ pausedAt, dueAt, resumedAt }, calendar);
          expect(after).toBeGreaterThanOrEqual(dueAt);
          expect(after).toBeGreaterThanOrEqual(resumedAt);
          expect(workingDaysBetween(resumedAt, after, calendar)).toBeGreaterThanOrEqual(
            workingDaysBetween(pausedAt, dueAt, calendar),
          );
          expect(resumeWorkingDays({ pausedAt, dueAt, resumedAt: pausedAt }, calendar)).toBe(dueAt);
        },
      ),
      runs(500),
    );
  });

  it('count business hours where they are wanted: nights, weekends and pauses do not', () => {
    const office = { calendar: weekendsOnly, opens: 9, closes: 17 };
    const due = (from: string, count: number) => formatInstant(addBusinessHours(at(from), count, office));
    expect(due('2026-06-05T16:00:00Z', 2)).toBe('2026-06-08T10:00:00.000Z');
    expect(due('2026-06-06T12:00:00Z', 8)).toBe('2026-06-08T17:00:00.000Z');
    expect(due('2026-06-05T03:00:00Z', 1)).toBe('2026-06-05T10:00:00.000Z');
    expect(businessHoursBetween(at('2026-06-05T16:00:00Z'), at('2026-06-08T10:00:00Z'), office)).toBe(2);
    const wanted = { ...context, clocks: { ...context.clocks, acknowledgeHours: 8 } };
    const held = applyFinding([], findingOf(), bothPayments(), wanted)!.case;
    expect(dueOf(held, 'acknowledge')).toBe('2026-06-02T10:00:00.000Z');
    const back = hearBuyer(wait(held, at('2026-06-01T16:00:00Z')), 'buyer wrote', 'here', at('2026-06-05T16:30:00Z')).case;
    expect(dueOf(back, 'acknowledge')).toBe('2026-06-08T10:30:00.000Z');
  });

  it('are settings, whose defaults the configuration repeats', () => {
    const loaded = loadConfig({ env: {} });
    expect(loaded.ok && loaded.value.clocks).toEqual(defaultsOf(clockSettings));
  });
});

describe('the ladder', () => {
  const climb = (held: Case): { readonly steps: readonly unknown[]; readonly end: Case } => {
    const steps: unknown[] = [];
    let end = held;
    for (let count = 0; count < 20; count++) {
      const next = Math.min(...end.clocks.filter(({ state }) => state === 'running').map(({ dueAt }) => dueAt));
      if (!Number.isFinite(next)) break;
      expect(missClocks(end, then(next))).toBeUndefined();
      const missed = missClocks(end, then(next + 1))!;
      for (const { what, data } of missed.entries)
        if (what === 'case escalated') steps.push((data['after'] as { step: string }).step);
      end = missed.case;
    }
    return { steps, end };
  };

  it('is climbed by time alone, step by step, to a court; what was a crime ends with the police', () => {
    expect(climb(inCurrency('EUR')).steps).toEqual(['consumer_association', 'mediation', 'arbitration', 'court']);
    expect(climb(inCurrency('EUR', { kind: 'account-takeover' })).steps.at(-1)).toBe('police');
    expect(climb(inCurrency('EUR')).end.clocks.every(({ state }) => state === 'missed')).toBe(true);
  });

  it('names an addressee of the place and a deadline at each step', () => {
    const held = inCurrency('CNY');
    const step = missClocks(held, then(Date.parse(dueOf(held, 'platform_complaint')) + 1))!;
    const line = step.entries.find(({ what }) => what === 'case escalated')!;
    expect(line.data).toMatchObject({ after: { step: 'consumer_association' }, addressee: expect.stringContaining('12315') });
    expect(step.case.clocks.at(-1)).toMatchObject({ name: 'consumer_association', state: 'running', dueAt: line.data['dueAt'] });
  });

  it('a case that closes leaves it', () => {
    const closed = applyFinding([inCurrency('EUR')], findingOf({ status: 'cleared' }), [], context)!.case;
    expect(closed.clocks.find(({ name }) => name === 'platform_complaint')).toMatchObject({ state: 'met' });
  });
});

describe('what accrues', () => {
  it('100 rupees for each day begun after the deadline, until the money came', () => {
    const figures = { clock: 'RBI T+5', compensationPerDayMinor: 10_000, compensationCurrency: 'INR' };
    const kind = { kind: 'payment-unconfirmed', because: { rule: 'r', fields: [], figures } } as const;
    const held = inCurrency('INR', kind);
    expect(accrualsOf(held, at('2026-06-01T10:00:00Z'))).toEqual([]);
    expect(accrualsOf(held, at('2026-06-03T10:00:01Z'))).toMatchObject([
      { kind: 'daily-compensation', amount: { minor: 30_000, currency: 'INR' }, rule: 'RBI T+5' },
    ]);
    const paid = {
      ...findingOf(kind),
      status: 'cleared' as const,
      because: { ...kind.because, figures: { ...figures, daysLate: 2 } },
    };
    expect(accrualsOf({ ...held, findings: [paid] }, at('2026-09-01T00:00:00Z'))[0]).toMatchObject({ amount: { minor: 20_000 } });
  });

  it('a provisional credit in the United States once ten business days are over, nowhere else', () => {
    for (const [currency, expected] of [
      ['USD', 1],
      ['EUR', 0],
    ] as const) {
      const held = inCurrency(currency);
      const late = Date.parse(dueOf(held, 'pay')) + 1;
      expect(accrualsOf(held, late)).toEqual([]);
      expect(accrualsOf(missClocks(held, then(late))!.case, late)).toHaveLength(expected);
    }
  });
});
