import type { Admin } from 'kafkajs';
import { KafkaLogAdmin } from '#kafka/log-admin';

const refusal = (type: string): Error => Object.assign(new Error(type), { type });
const adminThat = (...answers: (Error | object[])[]) => {
  const fetchTopicOffsets = jest.fn(() => {
    const answer = answers.shift() ?? [];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { admin: new KafkaLogAdmin({ fetchTopicOffsets } as unknown as Admin), fetchTopicOffsets };
};

describe('the offsets of a topic', () => {
  it('are asked for again while its leaders change', async () => {
    const { admin, fetchTopicOffsets } = adminThat(refusal('NOT_LEADER_FOR_PARTITION'), refusal('LEADER_NOT_AVAILABLE'), [
      { partition: 1, low: '2', high: '7' },
      { partition: 0, low: '0', high: '3' },
    ]);
    expect(await admin.offsets('orders')).toEqual([
      { partition: 0, start: 0, end: 3 },
      { partition: 1, start: 2, end: 7 },
    ]);
    expect(fetchTopicOffsets).toHaveBeenCalledTimes(3);
  });

  it('are not asked for again where the topic does not exist', async () => {
    const { admin, fetchTopicOffsets } = adminThat(refusal('UNKNOWN_TOPIC_OR_PARTITION'));
    await expect(admin.offsets('orders')).rejects.toThrow('UNKNOWN_TOPIC_OR_PARTITION');
    expect(fetchTopicOffsets).toHaveBeenCalledTimes(1);
  });
});
