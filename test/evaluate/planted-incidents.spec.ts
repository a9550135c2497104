import { measureIncidents } from './planted-incidents';

const until = Date.UTC(2026, 10, 20, 12);

/** Merchants and routes have seeded traffic of their own: merchant-anomaly.spec.ts, payment-outage.spec.ts, card-fraud.spec.ts. */
const kinds = ['credential-stuffing', 'card-testing', 'insider-abuse', 'spend-outlier', 'statement-without-order'] as const;

describe('incidents of many accounts, one of each', () => {
  const measured = measureIncidents({ each: 1, ordinaryPerDay: 20, until, kinds });
  const of = (kind: string) => measured.kinds.find((one) => one.kind === kind);

  it.each([
    ['credential-stuffing', 3, 1],
    ['card-testing', 4, 1],
    ['insider-abuse', 2, 0],
    ['spend-outlier', 1, 0],
    ['statement-without-order', 1, 0],
  ])(
    '%s: no fewer are found than were measured, and no more said of look-alikes: these bars may only rise and fall',
    (...bar) => {
      const [kind, found, falseAlarms] = bar;
      expect(of(kind)!.found).toBeGreaterThanOrEqual(found);
      expect(of(kind)!.falseAlarms).toBeLessThanOrEqual(falseAlarms);
    },
  );

  it('an incident that is not called likely is not counted as found', () => {
    expect(of('spend-outlier')).toMatchObject({ planted: 3, listed: 3 });
    expect(of('spend-outlier')!.found).toBeLessThan(3);
  });
});
