import request from 'supertest';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

interface Sent {
  readonly event: string;
  readonly id: string;
  readonly data: { readonly accountId?: string; readonly revision?: number };
}

describe('the stream of cases', () => {
  let casework: RunningCasework;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
  });
  afterAll(() => casework.stop());

  const lose = (at: number) => {
    const about = { findingId: `f-${at}`, accountId: `a-${at}`, orderId: `o-${at}`, paymentIds: [`p-${at}`] };
    return casework.tell(told(duplicate({ ...about, confidence: 'likely' })));
  };

  /** Reads until `count` events have come, then hangs up. */
  async function read(count: number, lastId?: string, meanwhile: () => Promise<void> = () => Promise.resolve()) {
    const headers = { authorization: 'Bearer secret-of-vera-0001', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
    const hangUp = new AbortController();
    const answer = await fetch(`${casework.url}/v1/stream`, { headers, signal: hangUp.signal });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/event-stream/)]);
    const sent: Sent[] = [];
    let text = '';
    let hello = '';
    try {
      for await (const part of answer.body!) {
        text += Buffer.from(part).toString('utf8');
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) {
          const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
          if (field('event') === 'case')
            sent.push({ event: 'case', id: field('id'), data: JSON.parse(field('data')) as Sent['data'] });
          else if (hello === '') {
            hello = block;
            await meanwhile();
          }
        }
        if (sent.length >= count && hello !== '') break;
      }
    } finally {
      hangUp.abort();
    }
    return { sent, hello };
  }

  it('tells of changes as they happen, and goes on behind the last one seen', async () => {
    const first = await read(1, undefined, () => lose(1));
    expect(first.sent[0]!.data).toMatchObject({ accountId: 'a-1', revision: 1 });
    await lose(2);
    await lose(3);
    const rest = await read(2, first.sent[0]!.id);
    expect(rest.sent.map(({ data }) => data.accountId).sort()).toEqual(['a-2', 'a-3']);
    const again = await read(1, rest.sent[0]!.id);
    expect(again.sent[0]!.data.accountId).toBe(rest.sent[1]!.data.accountId);
  });

  it('says so when what was seen last lies beyond what the log holds', async () => {
    const { hello } = await read(0, '0:999,1:999');
    expect(hello).toContain('event: reset');
  });

  it('is for those who may read cases', async () => {
    await request(casework.url).get('/v1/stream').expect(401);
    await casework.get('feed', '/v1/stream').expect(403);
    await casework.get('vera', '/v1/stream').set('last-event-id', 'nonsense').expect(400);
  });
});
