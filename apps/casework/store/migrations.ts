import type { Migration } from '#postgres/migrate';
import { vault } from '#apps/casework/store/vault-migration';
import { serviceMigration } from '#postgres/service-schema';
import { decisions, limits, policies } from '#apps/casework/store/policy-migrations';

/** The Postgres schema that only casework writes. Times are milliseconds since the epoch, money is in minor units. */
export const CASEWORK_SCHEMA = 'casework';

/**
 * Documents are `json`, not `jsonb`: nothing asks into them, and the order of their fields survives, so that equal content reads equal.
 * `case` is a reserved word of SQL, hence the plural. `entry_count` and `chain_head` are where the next entry of its evidence links;
 * at `next_step_at_ms` silence changes something: a clock is missed, a freeze ends.
 */
const cases = `
CREATE TABLE cases (
  case_id text PRIMARY KEY,
  number text NOT NULL UNIQUE,
  account_id text,
  kinds text[] NOT NULL,
  stage text NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'closed')),
  outcome text,
  loss jsonb NOT NULL,
  opened_at_ms bigint NOT NULL,
  closed_at_ms bigint,
  next_step_at_ms bigint,
  revision integer NOT NULL CHECK (revision > 0),
  entry_count integer NOT NULL CHECK (entry_count > 0),
  chain_head text NOT NULL,
  document json NOT NULL,
  CHECK ((stage = 'closed') = (status = 'closed'))
);
CREATE INDEX cases_newest ON cases (opened_at_ms DESC, case_id DESC);
CREATE INDEX cases_newest_of_stage ON cases (stage, opened_at_ms DESC, case_id DESC);
CREATE INDEX cases_newest_of_status ON cases (status, opened_at_ms DESC, case_id DESC);
CREATE INDEX cases_newest_of_account ON cases (account_id, opened_at_ms DESC, case_id DESC);
CREATE INDEX cases_due ON cases (next_step_at_ms, case_id) WHERE next_step_at_ms IS NOT NULL;
CREATE INDEX cases_of_kind ON cases USING gin (kinds);

CREATE TABLE case_money (
  case_id text NOT NULL REFERENCES cases,
  key text NOT NULL,
  PRIMARY KEY (key, case_id)
);

CREATE TABLE case_entry (
  case_id text NOT NULL REFERENCES cases,
  sequence integer NOT NULL CHECK (sequence > 0),
  at_ms bigint NOT NULL,
  by text NOT NULL,
  what text NOT NULL,
  data jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (case_id, sequence)
);`;

/** Evidence is only ever added: the database itself refuses to change or remove an entry. */
const appendOnly = `
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of a case are append-only: add another entry that corrects it';
END $$;
CREATE TRIGGER case_entry_append_only BEFORE UPDATE OR DELETE ON case_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting();`;

const findings = `
CREATE TABLE finding (
  finding_id text PRIMARY KEY,
  account_id text,
  case_id text REFERENCES cases,
  kind text NOT NULL,
  confidence text NOT NULL,
  status text NOT NULL,
  at_ms bigint NOT NULL,
  document json NOT NULL
);
CREATE INDEX finding_newest ON finding (at_ms DESC, finding_id DESC);
CREATE INDEX finding_newest_of_account ON finding (account_id, at_ms DESC, finding_id DESC);
CREATE INDEX finding_newest_of_confidence ON finding (confidence, at_ms DESC, finding_id DESC);`;

/** Four eyes stand in the database too: nobody approves what they proposed, and nobody approves twice. */
const actions = `
CREATE TABLE action (
  action_id text PRIMARY KEY,
  key text NOT NULL UNIQUE,
  case_id text NOT NULL REFERENCES cases,
  account_id text,
  kind text NOT NULL,
  state text NOT NULL,
  payment_id text,
  amount_minor bigint CHECK (amount_minor >= 0),
  currency text,
  guard text,
  policy_version text NOT NULL CHECK (policy_version <> ''),
  proposed_by text NOT NULL,
  proposed_at_ms bigint NOT NULL,
  approved_at_ms bigint,
  changed_at_ms bigint NOT NULL,
  document json NOT NULL,
  CHECK ((amount_minor IS NULL) = (currency IS NULL))
);
CREATE INDEX action_of_case ON action (case_id);
CREATE INDEX action_newest ON action (proposed_at_ms DESC, action_id DESC);
CREATE INDEX action_newest_of_state ON action (state, proposed_at_ms DESC, action_id DESC);

CREATE TABLE approved_money (
  minute_ms bigint NOT NULL,
  currency text NOT NULL,
  minor numeric(30) NOT NULL,
  PRIMARY KEY (minute_ms, currency)
);

CREATE TABLE action_approval (
  action_id text NOT NULL REFERENCES action,
  person text NOT NULL,
  proposed_by text NOT NULL,
  at_ms bigint NOT NULL,
  PRIMARY KEY (action_id, person),
  CHECK (person <> proposed_by)
);`;

/** What was taken in already: messages by id (the relay may send one twice), API requests by person and idempotency key. */
const taken = `
CREATE TABLE seen_message (
  id text PRIMARY KEY,
  at_ms bigint NOT NULL
);
CREATE INDEX seen_message_age ON seen_message (at_ms);

CREATE TABLE api_request (
  person text NOT NULL,
  key text NOT NULL,
  digest text NOT NULL,
  at_ms bigint NOT NULL,
  answer json,
  PRIMARY KEY (person, key)
);
CREATE INDEX api_request_age ON api_request (at_ms);`;

/**
 * Money that waits for the rest of what the log holds about its account: `held_for` names the case's row of `source` while there is some.
 * By partition of `findings`, whether a partition of events was read to its end.
 */
const sources = `
CREATE TABLE source (
  findings integer NOT NULL,
  events text NOT NULL,
  is_at_end boolean NOT NULL,
  PRIMARY KEY (findings, events)
);
ALTER TABLE cases ADD COLUMN held_for text;
CREATE INDEX cases_held ON cases (held_for) WHERE held_for IS NOT NULL;`;

/** What people keep from becoming cases. A mark has no end; a snooze has, and who ended it before is kept. */
const suppressions = `
CREATE TABLE mark (
  finding_id text PRIMARY KEY,
  kind text NOT NULL,
  account_id text,
  payment_ids json NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  by text NOT NULL,
  at_ms bigint NOT NULL
);
CREATE INDEX mark_of_account ON mark (account_id);

CREATE TABLE snooze (
  snooze_id text PRIMARY KEY,
  kind text NOT NULL,
  account_id text,
  merchant_id text,
  until_ms bigint NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  by text NOT NULL,
  at_ms bigint NOT NULL,
  case_id text REFERENCES cases,
  ended_by text,
  ended_at_ms bigint,
  end_reason text,
  CHECK ((account_id IS NULL) <> (merchant_id IS NULL)),
  CHECK ((ended_by IS NULL) = (ended_at_ms IS NULL))
);
CREATE INDEX snooze_of_account ON snooze (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX snooze_of_merchant ON snooze (merchant_id) WHERE merchant_id IS NOT NULL;
CREATE INDEX snooze_newest ON snooze (at_ms DESC, snooze_id DESC);

ALTER TABLE finding ADD COLUMN suppressed_by text, ADD COLUMN suppressed json;
CREATE INDEX finding_suppressed ON finding (suppressed_by) WHERE suppressed_by IS NOT NULL;`;

/**
 * Where a case waits, how urgent it is and who has it: what a queue is read by. `queue` is null while a case is closed or set aside. A case
 * that was written before these columns were waits in no queue until it changes.
 */
const desks = `
ALTER TABLE cases ADD COLUMN queue text, ADD COLUMN priority integer NOT NULL DEFAULT 0, ADD COLUMN due_at_ms bigint,
  ADD COLUMN assignee text;
CREATE INDEX cases_waiting ON cases (queue, priority DESC, due_at_ms, case_id) WHERE queue IS NOT NULL AND assignee IS NULL;
CREATE INDEX cases_waiting_anywhere ON cases (priority DESC, due_at_ms, case_id) WHERE queue IS NOT NULL AND assignee IS NULL;
CREATE INDEX cases_of_assignee ON cases (assignee, opened_at_ms DESC, case_id DESC) WHERE assignee IS NOT NULL;

CREATE TABLE case_tag (
  tag text NOT NULL,
  case_id text NOT NULL REFERENCES cases,
  PRIMARY KEY (tag, case_id)
);`;

/** What a buyer or a bank quotes leads to a case: last digits and statement references beside the money, references of actions here. */
const quoted = `
INSERT INTO case_money (case_id, key)
  SELECT case_id, 'last4 ' || (payment -> 'instrument' ->> 'last4') FROM cases, json_array_elements(document -> 'payments') AS payment
  WHERE payment -> 'instrument' ->> 'last4' IS NOT NULL
  UNION
  SELECT case_id, 'reference ' || (finding -> 'because' -> 'figures' ->> 'reference')
  FROM cases, json_array_elements(document -> 'findings') AS finding
  WHERE finding -> 'because' -> 'figures' ->> 'reference' IS NOT NULL
  ON CONFLICT (key, case_id) DO NOTHING;
CREATE INDEX action_reference ON action ((document ->> 'reference')) WHERE document ->> 'reference' IS NOT NULL;`;

/** Files of a case, whole in the database: what hangs on them is the evidence of one case, and they are few and small. */
const files = `
CREATE TABLE case_file (
  file_id text PRIMARY KEY,
  case_id text NOT NULL REFERENCES cases,
  name text NOT NULL,
  media_type text NOT NULL,
  bytes integer NOT NULL CHECK (bytes > 0),
  sha256 text NOT NULL,
  by text NOT NULL,
  at_ms bigint NOT NULL,
  content bytea NOT NULL,
  UNIQUE (case_id, sha256)
);
ALTER TABLE case_file ALTER COLUMN content SET STORAGE EXTERNAL;`;

/** By what the buyer of a case is known: the hash of a secret that only the buyer was given. */
const secrets = `
CREATE TABLE case_secret (
  case_id text PRIMARY KEY REFERENCES cases,
  sha256 text NOT NULL,
  by text NOT NULL,
  at_ms bigint NOT NULL
);`;

/**
 * What lists are picked by, in the order in which they show it: a kind or a loss among a million cases may be common, rare or not there
 * at all, and no page is to be looked for case by case. The database itself keeps kinds and losses beside the cases, so that an older
 * version that still writes cases keeps them, too.
 */
const lists = `
CREATE TABLE case_kind (
  kind text NOT NULL,
  opened_at_ms bigint NOT NULL,
  case_id text NOT NULL REFERENCES cases,
  is_open boolean NOT NULL,
  PRIMARY KEY (kind, opened_at_ms, case_id)
);
CREATE TABLE case_loss (
  case_id text NOT NULL REFERENCES cases,
  currency text NOT NULL,
  minor bigint NOT NULL,
  opened_at_ms bigint NOT NULL,
  is_open boolean NOT NULL,
  PRIMARY KEY (case_id, currency)
);

CREATE FUNCTION note_opened() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO casework.case_kind
    SELECT kind, opened_at_ms, case_id, status = 'open' FROM now_rows, unnest(kinds) AS kind ON CONFLICT DO NOTHING;
  INSERT INTO casework.case_loss SELECT case_id, key, value::bigint, opened_at_ms, status = 'open' FROM now_rows, jsonb_each_text(loss);
  RETURN NULL;
END $$;
CREATE FUNCTION note_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM casework.case_kind AS held USING old_rows JOIN now_rows USING (case_id)
    WHERE held.case_id = old_rows.case_id AND held.opened_at_ms = old_rows.opened_at_ms AND held.kind = ANY (old_rows.kinds)
      AND (held.kind <> ALL (now_rows.kinds) OR now_rows.opened_at_ms <> old_rows.opened_at_ms);
  INSERT INTO casework.case_kind
    SELECT kind, now_rows.opened_at_ms, case_id, now_rows.status = 'open'
    FROM old_rows JOIN now_rows USING (case_id), unnest(now_rows.kinds) AS kind
    WHERE kind <> ALL (old_rows.kinds)
      OR (old_rows.status, old_rows.opened_at_ms) IS DISTINCT FROM (now_rows.status, now_rows.opened_at_ms)
    ON CONFLICT (kind, opened_at_ms, case_id) DO UPDATE SET is_open = excluded.is_open;
  DELETE FROM casework.case_loss AS held USING old_rows JOIN now_rows USING (case_id)
    WHERE held.case_id = old_rows.case_id AND old_rows.loss <> now_rows.loss AND NOT now_rows.loss ? held.currency;
  INSERT INTO casework.case_loss
    SELECT case_id, key, value::bigint, now_rows.opened_at_ms, now_rows.status = 'open'
    FROM old_rows JOIN now_rows USING (case_id), jsonb_each_text(now_rows.loss)
    WHERE (old_rows.loss, old_rows.status, old_rows.opened_at_ms) <> (now_rows.loss, now_rows.status, now_rows.opened_at_ms)
    ON CONFLICT (case_id, currency) DO UPDATE
      SET minor = excluded.minor, is_open = excluded.is_open, opened_at_ms = excluded.opened_at_ms;
  RETURN NULL;
END $$;
CREATE TRIGGER case_opened AFTER INSERT ON cases REFERENCING NEW TABLE AS now_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_opened();
CREATE TRIGGER case_changed AFTER UPDATE ON cases REFERENCING OLD TABLE AS old_rows NEW TABLE AS now_rows
  FOR EACH STATEMENT EXECUTE FUNCTION note_changed();

CREATE FUNCTION note_tagged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.opened_at_ms := (SELECT opened_at_ms FROM casework.cases WHERE case_id = NEW.case_id);
  RETURN NEW;
END $$;
ALTER TABLE case_tag ADD COLUMN opened_at_ms bigint;
CREATE TRIGGER case_tagged BEFORE INSERT ON case_tag FOR EACH ROW EXECUTE FUNCTION note_tagged();
UPDATE case_tag SET opened_at_ms = (SELECT opened_at_ms FROM cases WHERE cases.case_id = case_tag.case_id);
INSERT INTO case_kind SELECT kind, opened_at_ms, case_id, status = 'open' FROM cases, unnest(kinds) AS kind ON CONFLICT DO NOTHING;
INSERT INTO case_loss SELECT case_id, key, value::bigint, opened_at_ms, status = 'open' FROM cases, jsonb_each_text(loss)
  ON CONFLICT DO NOTHING;
CREATE INDEX case_kind_open ON case_kind (kind, opened_at_ms DESC, case_id DESC) WHERE is_open;
CREATE INDEX case_loss_by_sum ON case_loss (currency, minor, opened_at_ms, case_id) INCLUDE (is_open);
CREATE INDEX case_loss_newest ON case_loss (currency, opened_at_ms DESC, case_id DESC) INCLUDE (minor, is_open);
CREATE INDEX case_loss_at_risk ON case_loss (currency) INCLUDE (minor) WHERE is_open;
DROP INDEX cases_of_kind;
CREATE INDEX cases_in_queue ON cases (queue, opened_at_ms DESC, case_id DESC) INCLUDE (assignee, due_at_ms) WHERE queue IS NOT NULL;
CREATE INDEX case_tag_newest ON case_tag (tag, opened_at_ms DESC, case_id DESC);
CREATE INDEX case_tag_of_case ON case_tag (case_id);

CREATE INDEX finding_newest_of_kind ON finding (kind, at_ms DESC, finding_id DESC);
CREATE INDEX finding_newest_of_status ON finding (status, at_ms DESC, finding_id DESC);
CREATE INDEX finding_in_shadow ON finding (at_ms DESC, finding_id DESC) WHERE document ->> 'mode' = 'shadow';

CREATE INDEX action_newest_of_kind ON action (kind, proposed_at_ms DESC, action_id DESC);
CREATE INDEX action_newest_of_account ON action (account_id, proposed_at_ms DESC, action_id DESC);`;

export const caseworkMigrations: readonly Migration[] = [
  serviceMigration,
  { number: 2, name: 'cases', sql: cases },
  { number: 3, name: 'entries-append-only', sql: appendOnly },
  { number: 4, name: 'findings', sql: findings },
  { number: 5, name: 'actions', sql: actions },
  { number: 6, name: 'taken-messages-and-requests', sql: taken },
  { number: 7, name: 'sources', sql: sources },
  { number: 8, name: 'suppressions', sql: suppressions },
  { number: 9, name: 'desks', sql: desks },
  { number: 10, name: 'quoted-by-buyers', sql: quoted },
  { number: 11, name: 'files', sql: files },
  { number: 12, name: 'buyers-secrets', sql: secrets },
  { number: 13, name: 'lists', sql: lists },
  { number: 14, name: 'vault', sql: vault },
  { number: 15, name: 'policies', sql: policies },
  { number: 16, name: 'limits', sql: limits },
  { number: 17, name: 'decisions', sql: decisions },
];
