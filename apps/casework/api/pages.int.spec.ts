import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

const minutesAfter = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();
/** Five cases a minute, so that the order within a minute rests on the id alone. */
const finding = (index: number, minute = Math.floor(index / 5)) =>
  told(
    duplicate({
      findingId: `f-${index}`,
      accountId: `a-${index % 7}`,
      orderId: `o-${index}`,
      paymentIds: [`p-${index}-1`, `p-${index}-2`],
      at: minutesAfter(minute),
      loss: { minor: 100 * (index + 1), currency: index % 2 === 0 ? 'EUR' : 'JPY' },
    }),
  );

describe('lists', () => {
  let casework: RunningCasework;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
    await casework.tell(...Array.from({ length: 40 }, (_, index) => finding(index)));
  });
  afterAll(() => casework.stop());

  const walk = async (path: string, rowsOf: string, between?: () => Promise<void>) => {
    const seen: Record<string, string>[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await casework.get('vera', `${path}limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`).expect(200);
      seen.push(...body[rowsOf]);
      cursor = body.nextCursor as string | null;
      await between?.();
    }
    return seen;
  };

  it('are the same rows in the same order, page by page or at once', async () => {
    for (const [path, rows] of [
      ['/v1/cases?', 'cases'],
      ['/v1/findings?', 'findings'],
      ['/v1/actions?', 'actions'],
    ] as const) {
      const whole = await casework.get('vera', `${path}limit=200`).expect(200);
      expect(whole.body[rows]).toHaveLength(40);
      expect(await walk(path, rows)).toEqual(whole.body[rows]);
    }
  });

  it('neither skip nor repeat a case when newer and older ones come in between pages', async () => {
    const before = (await casework.get('vera', '/v1/cases?limit=200')).body.cases.map(({ caseId }: { caseId: string }) => caseId);
    let next = 100;
    const seen = await walk('/v1/cases?', 'cases', async () => {
      next += 1;
      await casework.tell(finding(next, next % 2 === 0 ? 500 : -500));
    });
    const ids = seen.map(({ caseId }) => caseId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((caseId) => before.includes(caseId))).toEqual(before);
  });

  it('keep to their filters', async () => {
    const ofAccount = await casework
      .get('vera', '/v1/cases?accountId=a-3&status=open&kind=duplicate-charge&limit=200')
      .expect(200);
    expect(ofAccount.body.cases.length).toBeGreaterThan(3);
    for (const held of ofAccount.body.cases) expect(held).toMatchObject({ accountId: 'a-3', status: 'open' });
    const large = await casework.get('vera', '/v1/cases?minLossMinor=3900&currency=EUR&limit=200').expect(200);
    for (const { loss } of large.body.cases) {
      expect(loss[0].currency).toBe('EUR');
      expect(loss[0].minor).toBeGreaterThanOrEqual(3_900);
    }
    expect(large.body.cases.length).toBeGreaterThan(0);
    expect((await casework.get('vera', '/v1/cases?stage=awaiting_buyer').expect(200)).body).toEqual({
      cases: [],
      nextCursor: null,
    });
  });

  it('refuse a cursor that is not theirs', async () => {
    const answer = await casework.get('vera', '/v1/cases?cursor=abc').expect(400);
    expect(answer.body.detail).toContain('start again without it');
  });

  it('never fail on a cursor that somebody made up', async () => {
    const [first] = (await casework.get('vera', '/v1/cases?limit=1').expect(200)).body.cases;
    const lists = [
      'cases',
      'findings',
      'actions',
      'snoozes',
      'policies',
      'policies/changes',
      'decisions',
      `cases/${first.caseId}/timeline`,
    ];
    const positions = [
      [Number.MAX_SAFE_INTEGER, 'x'],
      [-1, ''],
      [1, 'a\u0000b'],
      [1, '\ud800'],
      [1, 'x'.repeat(600)],
    ];
    for (const list of lists) {
      for (const position of positions) {
        const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
        const { status } = await casework.get('root', `/v1/${list}?cursor=${cursor}`);
        expect([list, position[0], status]).toEqual([
          list,
          position[0],
          typeof position[1] === 'string' && /^x*$/u.test(position[1]) ? 200 : 400,
        ]);
      }
    }
  });

  it('refuse a filter that no row can hold', async () => {
    for (const path of ['/v1/search?q=abc%00', '/v1/cases?accountId=a%00'])
      expect((await casework.get('vera', path).expect(400)).body.type).toBe('urn:makewhole:problem:bad-query');
  });
});
