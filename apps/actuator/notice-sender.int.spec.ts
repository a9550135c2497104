import { setTimeout as sleep } from 'node:timers/promises';
import { Platform, secret } from '#test/actuator/platform';
import { Scene } from '#test/actuator/scene';

describe('notices', () => {
  let scene: Scene;
  let dead: Platform;
  beforeEach(async () => {
    scene = await Scene.open();
    dead = new Platform();
    await dead.start();
    dead.script = () => undefined;
  });
  afterEach(async () => {
    await dead.stop();
    await scene.close();
  });

  const hooks = (...urls: readonly string[]): Record<string, string> => ({
    MAKEWHOLE_ACTUATOR_HOOKS: JSON.stringify(urls.map((url, index) => ({ name: `hook-${index}`, url, secret }))),
  });
  const noticeStates = async (): Promise<readonly string[]> => {
    const { rows } = await scene.pool.query<{ line: string }>(
      `SELECT endpoint || ' ' || notice_id || ' ' || state AS line FROM actuator.notice ORDER BY endpoint, notice_id`,
    );
    return rows.map(({ line }) => line);
  };
  const untilNotices = async (expected: readonly string[]): Promise<void> => {
    const end = Date.now() + 60_000;
    while (JSON.stringify(await noticeStates()) !== JSON.stringify(expected) && Date.now() < end) await sleep(30);
    expect(await noticeStates()).toEqual(expected);
  };

  it('go to every endpoint, signed, once; a dead receiver slows nobody', async () => {
    await scene.startActuator(hooks(scene.platform.url, dead.url));
    await scene.tellCase(1);
    await scene.tellCase(1);
    await scene.tellCase(2);
    await untilNotices([
      'hook-0 msg_case-1_1_0 delivered',
      'hook-0 msg_case-1_2_0 delivered',
      'hook-1 msg_case-1_1_0 waiting',
      'hook-1 msg_case-1_2_0 waiting',
    ]);
    expect(scene.platform.calls.map(({ verified }) => verified)).toEqual([true, true]);
  });

  it('410 disables the endpoint', async () => {
    scene.platform.script = (_call, respond) => respond(410);
    await scene.startActuator(hooks(scene.platform.url));
    await scene.tellCase(1);
    await untilNotices(['hook-0 msg_case-1_1_0 disabled']);
    await scene.tellCase(2);
    await untilNotices(['hook-0 msg_case-1_1_0 disabled', 'hook-0 msg_case-1_2_0 disabled']);
    expect(scene.platform.calls).toHaveLength(1);
  });
});
