import PDFDocument from 'pdfkit';
import { formatMoney } from '#kernel/money-format';
import type { Evidence } from '#apps/casework/evidence/evidence';

/** Lines of the timeline shown; the archive holds all. */
const LINES_MAX = 200;

/** The pages that people read: what was lost, what rests on what, what was done, in order. */
export function summaryPdf({ case: subject, entries, chain, disputeReasons, takenAt }: Evidence): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', margin: 50, info: { Title: `Case ${subject.number}`, Producer: 'Makewhole' } });
  const pieces: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece));
    pdf.on('end', () => resolve(Buffer.concat(pieces)));
    pdf.on('error', reject);
  });
  const heading = (text: string): void => void pdf.moveDown().font('Helvetica-Bold').fontSize(13).text(text).moveDown(0.3);
  const line = (text: string): void => void pdf.font('Helvetica').fontSize(10).text(printable(text));

  pdf.font('Helvetica-Bold').fontSize(18).text(`Case ${subject.number}`);
  line(
    `${subject.status}, ${subject.stage}${subject.outcome === null ? '' : `, ${subject.outcome}`}; opened ${subject.openedAt}`,
  );
  line(`Loss still to come back: ${subject.loss.map(formatMoney).join(', ') || 'none'}`);
  line(`Buyer: ${subject.accountId ?? 'none'}`);
  heading('What was found');
  for (const finding of subject.findings) {
    const { kind, confidence, status, at, loss, because, eventIds } = finding;
    line(`${at}  ${kind} (${confidence}, ${status})${loss === null ? '' : `: ${formatMoney(loss)}`}`);
    line(`    because of ${because.rule}; ${figures(because.figures)}`);
    line(`    rests on events ${eventIds.join(', ')}`);
  }
  heading('What was done');
  if (subject.actions.length === 0) line('nothing yet');
  for (const { kind, state, paymentId, amount: money, reason, proposedBy, approvedBy } of subject.actions)
    line(
      `${kind}${money === undefined ? '' : ` of ${formatMoney(money)}`}${paymentId === undefined ? '' : ` on ${paymentId}`}: ${state}; ` +
        `proposed by ${proposedBy}${approvedBy.length === 0 ? '' : `, approved by ${approvedBy.join(', ')}`}${reason === undefined ? '' : `; ${reason}`}`,
    );
  heading('For the networks');
  if (disputeReasons.length === 0) line('no reason code fits');
  for (const reason of disputeReasons) {
    line(`${reason.case}: ${codes(reason)}`);
    for (const proof of reason.proof) line(`    - ${proof}`);
  }
  heading('Timeline');
  for (const { at, by, what } of entries.slice(0, LINES_MAX)) line(`${at}  ${by}: ${what}`);
  if (entries.length > LINES_MAX) line(`... and ${entries.length - LINES_MAX} more in timeline.ndjson`);
  heading('Proof');
  line(
    `${chain.head.sequence} entries; the chain ${chain.verifies ? 'verifies' : 'DOES NOT VERIFY'}; it ends in ${chain.head.hash}`,
  );
  line(`Taken ${takenAt}. manifest.json names each file of the archive with its SHA-256.`);
  pdf.end();
  return done;
}

const codes = ({ visa, mastercard, discover, upi }: Evidence['disputeReasons'][number]): string =>
  Object.entries({ Visa: visa, Mastercard: mastercard, Discover: discover, UPI: upi })
    .filter(([, list]) => list.length > 0)
    .map(([network, list]) => `${network} ${list.join(', ')}`)
    .join('; ');

const figures = (named: Readonly<Record<string, unknown>>): string =>
  Object.entries(named)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ') || 'no figures';

/** The fonts that every reader of PDF has know Latin letters only; what they cannot show stands in the JSON beside it. */
const printable = (text: string): string => text.replace(/[^\u0020-\u00ff]/g, '?');
