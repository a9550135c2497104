import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '#action/default-policy';
import { loadPolicy } from '#action/load-policy';
import { readConfigFile } from '#config/file';

describe('the policy document', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'makewhole-policy-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (text: string): string => {
    const path = join(folder, 'policy.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('is the default one where none is named', () => {
    expect(loadPolicy('', readConfigFile)).toBe(defaultPolicy);
  });

  it('keeps the default where it says nothing', () => {
    const policy = loadPolicy(
      written('version: careful-2\nfourEyes: { above: { minor: { EUR: 100 }, otherwise: 100 }, people: 2 }\n'),
      readConfigFile,
    );
    expect(policy).toMatchObject({ version: 'careful-2', rules: defaultPolicy.rules, fourEyes: { people: 2 } });
  });

  it('stops the start with every fault at once', () => {
    const load = () => loadPolicy(written('freezeHours: -1\ncolour: red\n'), readConfigFile);
    expect(load).toThrow(/\/version/);
    expect(load).toThrow(/\/freezeHours/);
    expect(load).toThrow(/\/colour/);
    expect(() => loadPolicy(join(folder, 'nowhere.yaml'), readConfigFile)).toThrow(/the policy is wrong/);
  });
});
