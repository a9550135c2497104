import type { Case } from '#case/case';
import { readCaseNumber } from '#case/number';
import type { Page } from '#apps/casework/api/cursor';
import { findingKey, last4Key, openCases, orderKey, paymentKey, referenceKey } from '#apps/casework/store/case-rows';
import type { Store } from '#apps/casework/store/store';
import type { SealedDocument } from '#apps/casework/vault/sealed-document';

/** Each way in which a text leads to a case, over an index of its own; the page is cut from what they give together. */
const SEARCH = `
  WITH found AS MATERIALIZED (
    SELECT case_id FROM casework.case_money WHERE key = ANY ($1::text[])
    UNION SELECT case_id FROM casework.action WHERE document ->> 'reference' = $2
    UNION SELECT case_id FROM casework.cases WHERE account_id = $2
    UNION SELECT case_id FROM casework.cases WHERE number = $3
  )
  SELECT held.document, held.sealed FROM found JOIN casework.cases AS held USING (case_id)
  WHERE $4::bigint IS NULL OR (held.opened_at_ms, held.case_id) < ($4::bigint, $5)
  ORDER BY held.opened_at_ms DESC, held.case_id DESC LIMIT $6`;

/** The statement and its parameters, for whoever asks the database how it would go about it. */
export function searchStatement(text: string, page: Page): { readonly text: string; readonly values: readonly unknown[] } {
  const quoted = text.trim();
  const keys = [paymentKey(quoted), orderKey(quoted), findingKey(quoted), last4Key(quoted.slice(-4)), referenceKey(quoted)];
  const isDigits = /^\W*\d{4}$/.test(quoted);
  const others = ['refundId', 'lineId', 'entryId', 'freezeId'].map((name) => `${name} ${quoted}`);
  const asked = [...keys.filter((key) => isDigits || !key.startsWith('last4 ')), ...others];
  const { after, limit } = page;
  return {
    text: SEARCH,
    values: [asked, quoted, readCaseNumber(quoted) ?? null, after?.atMs ?? null, after?.id ?? null, limit + 1],
  };
}

/** Cases that hold what someone quotes, newest opened first; one row more than `limit`. */
export async function searchCases(db: Store, text: string, page: Page): Promise<readonly Case[]> {
  const statement = searchStatement(text, page);
  const { rows } = await db.query<SealedDocument<Case>>(statement.text, statement.values);
  return openCases(db, rows);
}
