import fc from 'fast-check';
import {
  approvePolicy,
  approveRollback,
  askRollback,
  draftPolicy,
  leaveLive,
  type PolicyVersion,
  putPolicyLive,
  rejectPolicy,
  revisePolicy,
  rollBack,
} from '#action/policy-version';

const draft = draftPolicy('v2', 'ann');
const done = (step: ReturnType<typeof approvePolicy>): PolicyVersion => {
  if (!step.ok) throw new Error(JSON.stringify(step.error));
  return step.value;
};
const approved = done(approvePolicy(draft, 'bob'));
const live = done(putPolicyLive(approved));
const retired = done(leaveLive(live, 'retired'));

describe('the life of a policy', () => {
  it('goes from draft through another person to live, and counts each step', () => {
    expect([draft, approved, live, retired].map(({ state, revision }) => [state, revision])).toEqual([
      ['draft', 1],
      ['approved', 2],
      ['live', 3],
      ['retired', 4],
    ]);
    expect(live).toMatchObject({ authors: ['ann'], approvedBy: 'bob' });
  });

  it('nobody approves what they wrote a word of', () => {
    const both = done(revisePolicy(draft, 'bob'));
    expect(both.authors).toEqual(['ann', 'bob']);
    for (const author of ['ann', 'bob'])
      expect(approvePolicy(both, author)).toEqual({ ok: false, error: { kind: 'author-cannot-approve', authors: both.authors } });
    expect(approvePolicy(both, 'cleo').ok).toBe(true);
  });

  it('what is approved is revised no more, and nothing skips a step', () => {
    const wrong = [
      revisePolicy(approved, 'ann'),
      approvePolicy(approved, 'cleo'),
      putPolicyLive(draft),
      putPolicyLive(live),
      rejectPolicy(live),
      askRollback(approved, 'ann', 'why', 0),
      rollBack(done(rejectPolicy(draft))),
      approveRollback(live, 'bob'),
      leaveLive(retired, 'retired'),
    ];
    expect(wrong.map((step) => !step.ok && step.error.kind)).toEqual(wrong.map(() => 'wrong-state'));
  });

  it('going back takes two people, or the emergency right', () => {
    expect(approveRollback(retired, 'bob')).toMatchObject({ error: { kind: 'no-rollback-asked' } });
    const asked = done(askRollback(retired, 'ann', 'too many refunds', 5));
    expect(approveRollback(asked, 'ann')).toMatchObject({ error: { kind: 'asker-cannot-approve' } });
    expect(done(approveRollback(asked, 'bob'))).toMatchObject({ state: 'live', rollback: null });
    expect(done(rollBack(retired)).state).toBe('live');
  });

  it('whatever anybody tries, one that is live was approved by a person who wrote none of it', () => {
    const person = fc.constantFrom('ann', 'bob', 'cleo');
    const step = fc.tuple(fc.nat(7), person);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let held = draft;
        for (const [what, by] of steps) {
          const next = [
            () => revisePolicy(held, by),
            () => approvePolicy(held, by),
            () => putPolicyLive(held),
            () => leaveLive(held, 'retired'),
            () => askRollback(held, by, 'r', 0),
            () => approveRollback(held, by),
            () => leaveLive(held, 'rolled_back'),
            () => rejectPolicy(held),
          ][what]!();
          if (next.ok) held = next.value;
          if (held.state === 'live') expect(held.authors).not.toContain(held.approvedBy ?? held.authors[0]);
        }
      }),
    );
  });
});
