import type { Message, RecordMetadata } from 'kafkajs';
import { RecordTooLarge } from '#stream/log';
import { AppendLane, Ticket } from '#kafka/append-lane';

const seen = (offset = 0): RecordMetadata[] => [{ topicName: 't', partition: 0, errorCode: 0, baseOffset: String(offset) }];
const values = (messages: readonly Message[]): string[] => messages.map(({ value }) => String(value));

/** A lane over `send`; every send's values are kept in `sends`. */
function laneOver(
  send: (sent: string[], count: number) => Promise<RecordMetadata[]>,
  limits = { recordsMax: 3, bytesMax: 1_000 },
) {
  const sends: string[][] = [];
  const lane = new AppendLane(
    't',
    0,
    (messages) => {
      sends.push(values(messages));
      return send(values(messages), sends.length);
    },
    { ...limits, deliveryTimeoutMs: 300 },
    () => undefined,
  );
  const append = (...records: string[]): Promise<void> => {
    const ticket = new Ticket(records.length, Date.now() + 300);
    for (const value of records) lane.push({ key: 'k', value }, value.length, ticket);
    lane.kick();
    return ticket.done;
  };
  return { sends, append };
}

describe('an append lane', () => {
  it('has one send in flight, and sends together what came in meanwhile', async () => {
    let inFlight = 0;
    const { sends, append } = laneOver(async () => {
      expect(++inFlight).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight -= 1;
      return seen();
    });
    await Promise.all(['1', '2', '3', '4', '5'].map((value) => append(value)));
    expect(sends).toEqual([['1'], ['2', '3', '4'], ['5']]);
  });

  it('believes only an answer that names the partition and an offset', async () => {
    const wrong: RecordMetadata[][] = [
      [{ topicName: 't', partition: 1, errorCode: 0, baseOffset: '7' }],
      [{ topicName: 't', partition: 0, errorCode: 0 }],
    ];
    const { sends, append } = laneOver((_, count) => Promise.resolve(wrong[count - 1] ?? seen()));
    await append('a');
    expect(sends).toEqual([['a'], ['a'], ['a']]);
  });

  it('fails in bounded time when no answer comes, and takes along what the append still has in the queue', async () => {
    let up = false;
    const { sends, append } = laneOver(() => (up ? Promise.resolve(seen()) : Promise.reject(new Error('no broker'))));
    const failing = append('1', '2', '3', '4', '5');
    await expect(failing).rejects.toThrow('was not confirmed within 300 ms');
    up = true;
    await append('6');
    expect(sends.at(-1)).toEqual(['6']);
    expect(sends.flat()).not.toContain('4');
  });

  it('gives up at once on what trying again cannot change', async () => {
    const refusal = Object.assign(new Error('not allowed'), { type: 'TOPIC_AUTHORIZATION_FAILED' });
    const { sends, append } = laneOver(() => Promise.reject(new Error('wrapped', { cause: refusal })));
    await expect(append('1')).rejects.toThrow('wrapped');
    expect(sends).toHaveLength(1);
  });

  it('refuses the record that is too large, and delivers those that were sent with it', async () => {
    const tooLarge = Object.assign(new Error('too large'), { type: 'MESSAGE_TOO_LARGE' });
    const { append } = laneOver((sent) => (sent.includes('huge') ? Promise.reject(tooLarge) : Promise.resolve(seen())));
    const first = append('1');
    const results = await Promise.allSettled([first, append('2'), append('huge'), append('3')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect((results[2] as PromiseRejectedResult).reason).toBeInstanceOf(RecordTooLarge);
  });

  it('keeps a send below its limit of bytes', async () => {
    const { sends, append } = laneOver(() => Promise.resolve(seen()), { recordsMax: 100, bytesMax: 5 });
    await append('aaa', 'bb', 'c', 'dddddddd', 'e');
    expect(sends).toEqual([['aaa', 'bb'], ['c'], ['dddddddd'], ['e']]);
  });
});
