import { type Terminal } from '#apps/makewhole/terminal';
import { tour } from '#apps/makewhole/tour/tour';

jest.setTimeout(180_000);

it('goes through every step, and shows the calls and how they were answered', async () => {
  const lines: string[] = [];
  const plain = (text: string) => text;
  await tour({
    print: (line) => void lines.push(line),
    note: () => undefined,
    error: () => undefined,
    detail: () => undefined,
    progress: () => ({ update: () => undefined, stop: () => undefined }),
    ...{ strong: plain, good: plain, bad: plain, verbose: false },
  } satisfies Terminal);
  const text = lines.join('\n');
  expect(text.match(/^\d\. .*$/gm)).toHaveLength(6);
  expect(text).toMatch(/approve[^]*← 403 .*[^]*POST \/v1\/policies\/strict-1\/approve/);
  expect(text).toContain('consumer_association running');
  expect(text).toMatch(/verify --pack ann\.zip: .*"faults":\[\]/);
  expect(text).toMatch(/verify --pack tampered\.zip: .*line \d+ was changed after it was written/);
  expect(text).not.toMatch(/Bearer|whsec_/);
});
