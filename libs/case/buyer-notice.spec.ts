import { buyerNotice } from '#case/buyer-notice';
import { buyerView } from '#case/buyer-view';
import { languages, whatHappened } from '#case/buyer-words';
import { toCaseFile } from '#case/case-file';
import { applyFinding } from '#case/life';
import { findingKinds } from '#detection/finding';
import { bothPayments, contextOf, findingOf } from '#test/money/examples';

const context = contextOf();
const held = applyFinding([], findingOf(), bothPayments(), context)!.case;
const now = Date.parse('2026-06-02T00:00:00Z');

describe('a notice for a buyer', () => {
  it('says in both languages what happened, how much, where it stands and by when', () => {
    const { texts } = buyerNotice(toCaseFile(held), now);
    expect(texts.en.subject).toBe(`Your case ${held.number}`);
    expect(texts.en.lines).toEqual(expect.arrayContaining(['You were charged more than once for one order.', '50.00 EUR']));
    expect(texts.zh.lines.join('')).toContain('同一笔订单被重复扣款');
    expect(texts.en.lines.join()).toContain('2026-06-04');
  });

  it('holds no link, asks for no credentials, and warns of experts and impostors, whatever the case is about', () => {
    for (const kind of findingKinds) {
      const { texts } = buyerNotice({ ...toCaseFile(held), kinds: [kind] }, now);
      for (const language of languages) {
        const all = texts[language].lines.join('\n');
        expect(all).not.toMatch(/https?:|www\.|\.(com|cn|org)\b|<a /i);
        expect(all).toMatch(language === 'en' ? /compensation experts.*pretend to be us/s : /维权专家.*冒充/s);
        expect(all).toContain(whatHappened[kind][language]);
      }
    }
  });

  it('goes to contact details as they were a week ago', () => {
    expect(buyerNotice(toCaseFile(held), now).contactsAsOf).toBe('2026-05-26T00:00:00.000Z');
  });
});

describe('what a buyer may see', () => {
  const parts = { file: toCaseFile(held), closedAt: null, needed: undefined, lines: [], language: 'en' as const, now };

  it('tells of lines that concern the buyer, and of none of the staff', () => {
    const line = (what: string, by: string, data = {}) => ({ at: now, by, what, data });
    const lines = [
      line('note', 'ines', { text: 'sounds like a regular' }),
      line('case assigned', 'ines', { after: { assignee: 'bert' } }),
      line('file added', 'ines', { name: 'internal.pdf' }),
      line('file added', 'buyer', { name: 'mine.pdf' }),
      line('action confirmed', 'actuator', { kind: 'refund', amount: { minor: 5_000, currency: 'EUR' } }),
      line('action confirmed', 'actuator', { kind: 'step_up' }),
    ];
    const view = buyerView({ ...parts, lines });
    expect(view.history.map(({ text }) => text)).toEqual(['You sent a file.', 'A refund was made: 50.00 EUR']);
    expect(JSON.stringify(view)).not.toMatch(/ines|bert|internal|regular|confidence|fingerprint/);
  });

  it('a provisional credit is told as one, and what becomes of it', () => {
    const amount = { minor: 5_000, currency: 'USD' };
    const credit = {
      at: now,
      by: 'actuator',
      what: 'action confirmed',
      data: { kind: 'compensate', accrual: 'provisional-credit', amount },
    };
    const daily = { ...credit, data: { kind: 'compensate', accrual: 'daily-compensation', amount } };
    const ends = ['credit final', 'credited and healed', 'credit to reverse'].map((what) => ({ ...credit, what, data: {} }));
    const told = (language: 'en' | 'zh') => buyerView({ ...parts, lines: [credit, daily, ...ends], language }).history;
    expect(told('en').map(({ text }) => text)).toEqual([
      'A provisional credit was given while we look into it: 50.00 USD',
      'A compensation was paid: 50.00 USD',
      'The provisional credit is yours for good.',
      expect.stringContaining('five business days'),
      expect.stringContaining('five business days'),
    ]);
    expect(told('zh').map(({ text }) => text)).toEqual(Array(5).fill(expect.stringMatching(/[\u4e00-\u9fff]/)));
  });

  it('an appeal is possible against what people decided, for 60 days', () => {
    const closed = { ...parts.file, stage: 'closed' as const, status: 'closed' as const, outcome: 'rejected' as const };
    const closedAt = now - 60 * 86_400_000;
    expect(buyerView({ ...parts, file: closed, closedAt }).appeal.possible).toBe(true);
    expect(buyerView({ ...parts, file: closed, closedAt: closedAt - 1 }).appeal.possible).toBe(false);
    expect(buyerView({ ...parts, file: { ...closed, outcome: 'healed' }, closedAt }).appeal.possible).toBe(false);
    expect(buyerView(parts).appeal).toEqual({ possible: false, until: null });
  });
});
