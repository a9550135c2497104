import { createHash } from 'node:crypto';
import { strFromU8, unzipSync } from 'fflate';
import { findChainFault, type SealedEntry } from '#case/evidence';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

interface Step {
  readonly addressee: string;
  readonly state: string;
  readonly needs: readonly { readonly files: readonly string[] }[];
}

describe('the evidence of a case', () => {
  let casework: RunningCasework;
  let caseId: string;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
    await casework.tell(told(duplicate({ confidence: 'likely' })));
    const { body } = await casework.get('ines', '/v1/cases').expect(200);
    caseId = body.cases[0].caseId;
  });
  afterAll(() => casework.stop());

  const sealed = (entries: readonly { at: string }[]): SealedEntry[] =>
    entries.map((entry) => ({ ...entry, caseId, at: Date.parse(entry.at) }) as unknown as SealedEntry);

  it('is shown with its chain, the codes of the networks and the policy that decided', async () => {
    const { body } = await casework.get('ines', `/v1/cases/${caseId}/evidence`).expect(200);
    expect(body).toMatchObject({ case: { caseId }, chain: { verifies: true }, policyVersions: [expect.any(String)] });
    expect(body.disputeReasons).toMatchObject([{ case: 'duplicate', visa: ['12.6.1'], mastercard: ['4834'] }]);
    expect(findChainFault(sealed(body.entries), { caseId, ...body.chain.head })).toBeUndefined();
  });

  it('is one archive: a summary to read, and a manifest that names every other file by its hash', async () => {
    const { body, headers } = await casework
      .get('ines', `/v1/cases/${caseId}/evidence`)
      .set('accept', 'application/zip')
      .responseType('blob')
      .expect(200);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="MW-.*\.zip"$/);
    const files = unzipSync(new Uint8Array(body as Buffer));
    const manifest = JSON.parse(strFromU8(files['manifest.json']!)) as {
      files: { name: string; bytes: number; sha256: string }[];
      chain: { head: { sequence: number; hash: string } };
      eventIds: string[];
    };
    expect(manifest.files.map(({ name }) => name).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'manifest.json')
        .sort(),
    );
    for (const { name, bytes, sha256 } of manifest.files)
      expect([name, bytes, sha256]).toEqual([name, files[name]!.length, createHash('sha256').update(files[name]!).digest('hex')]);
    expect(strFromU8(files['summary.pdf']!.subarray(0, 5))).toBe('%PDF-');
    const lines = strFromU8(files['timeline.ndjson']!)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { at: string });
    expect(findChainFault(sealed(lines), { caseId, ...manifest.chain.head })).toBeUndefined();
    expect(manifest.eventIds.length).toBeGreaterThan(1);
  });

  it('holds the events themselves, the policy, and a pack for each step of the ladder; and says what is missing', async () => {
    await casework.appendEvents([
      { key: 'a-1', value: JSON.stringify({ specversion: '1.0', id: 'e-1', data: { accountId: 'a-1' } }) },
      { key: 'a-2', value: JSON.stringify({ specversion: '1.0', id: 'e-2', data: { accountId: 'a-2' } }) },
    ]);
    const { body } = await casework
      .get('ines', `/v1/cases/${caseId}/evidence`)
      .set('accept', 'application/zip')
      .responseType('blob')
      .expect(200);
    const files = unzipSync(new Uint8Array(body as Buffer));
    const read = (name: string): string => strFromU8(files[name]!);
    const events = read('events.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { eventId: string; value: string; sha256: string });
    expect(events.map(({ eventId }) => eventId)).toEqual(['e-1']);
    expect(events[0]!.sha256).toBe(createHash('sha256').update(events[0]!.value).digest('hex'));
    const { missingEvents, policyVersions } = JSON.parse(read('manifest.json')) as {
      missingEvents: object;
      policyVersions: string[];
    };
    expect(missingEvents).toMatchObject({ eventIds: expect.arrayContaining(['e-2']), why: 'the log does not hold them' });
    expect(JSON.parse(read('policies.json'))).toMatchObject([
      { version: policyVersions[0], document: { version: policyVersions[0] } },
    ]);
    const steps = Object.keys(files)
      .filter((name) => name.startsWith('steps/'))
      .sort();
    expect(steps).toHaveLength(5);
    const [complaint, ...others] = steps.map((name) => JSON.parse(read(name)) as Step);
    expect(complaint).toMatchObject({
      ...{ step: 'platform_complaint', state: 'running', dueAt: expect.stringMatching(/^2026-/) },
      reasonCodes: ['Visa 12.6.1', 'Mastercard 4834', 'Discover 4534', 'UPI U023'],
    });
    for (const { addressee, state, needs } of others) {
      expect([addressee.length > 0, state]).toEqual([true, 'not begun']);
      for (const file of needs.flatMap((need) => need.files)) expect(files).toHaveProperty([file]);
    }
  });

  it('says where the chain is broken when somebody changed it', async () => {
    await casework.pool.query(`ALTER TABLE casework.case_entry DISABLE TRIGGER ALL;
      UPDATE casework.case_entry SET by = 'nobody' WHERE sequence = 1`);
    const { body } = await casework.get('ines', `/v1/cases/${caseId}/evidence`).expect(200);
    expect(body.chain).toMatchObject({ verifies: false, fault: { kind: 'content-changed', sequence: 1 } });
  });

  it('is for those who work on cases', async () => {
    await casework.get('vera', `/v1/cases/${caseId}/evidence`).expect(403);
    await casework.get('ines', '/v1/cases/nobodys/evidence').expect(404);
  });
});
