/**
 * Personal data lies sealed beside what it belongs to, under a key for each buyer that is wrapped by a master key; an erased key keeps its row,
 * without the key. Rows from before hold theirs in the clear until they are written again. Lines of a case change in one way only: what
 * was personal in them goes, and they go from the oldest on when their time is over; who does so says so.
 */
export const vault = `
CREATE TABLE subject_key (
  key_id bigserial PRIMARY KEY,
  subject text NOT NULL,
  wrapped bytea,
  master text NOT NULL,
  created_at_ms bigint NOT NULL,
  erased_at_ms bigint,
  CHECK ((wrapped IS NULL) = (erased_at_ms IS NOT NULL))
);
CREATE UNIQUE INDEX subject_key_live ON subject_key (subject) WHERE wrapped IS NOT NULL;
CREATE INDEX subject_key_all ON subject_key (subject);
CREATE INDEX subject_key_master ON subject_key (master) WHERE wrapped IS NOT NULL;

ALTER TABLE cases ADD COLUMN sealed text;
ALTER TABLE finding ADD COLUMN sealed text;
ALTER TABLE action ADD COLUMN sealed text;
ALTER TABLE case_entry ADD COLUMN sealed text;
ALTER TABLE case_file ADD COLUMN sealed text, ADD COLUMN erased_at_ms bigint;

CREATE TABLE erasure (
  erasure_id text PRIMARY KEY,
  account_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('awaiting_approval', 'done', 'rejected')),
  reason text NOT NULL CHECK (reason <> ''),
  requested_by text NOT NULL,
  requested_at_ms bigint NOT NULL,
  decided_by text,
  decided_at_ms bigint,
  decision_reason text,
  CHECK ((state = 'awaiting_approval') = (decided_by IS NULL)),
  CHECK (state <> 'done' OR decided_by <> requested_by)
);
CREATE UNIQUE INDEX erasure_awaiting ON erasure (account_id) WHERE state = 'awaiting_approval';
CREATE INDEX erasure_of_account ON erasure (account_id, requested_at_ms DESC);

CREATE TABLE legal_hold (
  hold_id text PRIMARY KEY,
  account_id text NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  by text NOT NULL,
  at_ms bigint NOT NULL,
  ended_by text,
  ended_at_ms bigint,
  end_reason text,
  CHECK ((ended_by IS NULL) = (ended_at_ms IS NULL))
);
CREATE INDEX legal_hold_of_account ON legal_hold (account_id);

ALTER TABLE api_request ADD COLUMN account_id text;
CREATE INDEX api_request_of_account ON api_request (account_id) WHERE account_id IS NOT NULL;
ALTER TABLE cases ADD COLUMN reduced_at_ms bigint;
CREATE INDEX cases_to_reduce ON cases (closed_at_ms)
  WHERE closed_at_ms IS NOT NULL AND (reduced_at_ms IS NULL OR reduced_at_ms < closed_at_ms);
CREATE INDEX case_file_kept ON case_file (case_id) WHERE erased_at_ms IS NULL;

CREATE OR REPLACE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('makewhole.erasing', true) = 'on'
    AND (NEW.case_id, NEW.sequence, NEW.at_ms, NEW."by", NEW.what, NEW.previous_hash, NEW.hash) =
        (OLD.case_id, OLD.sequence, OLD.at_ms, OLD."by", OLD.what, OLD.previous_hash, OLD.hash) AND NEW.sealed IS NULL
  THEN RETURN NEW; END IF;
  IF TG_OP = 'DELETE' AND current_setting('makewhole.cutting', true) = 'on' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'entries of a case are append-only: add another entry that corrects it';
END $$;`;
