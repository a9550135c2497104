/**
 * Versions of the policy: one is live. Four eyes stand in the database, too: nobody approves what they wrote. Only the first version, which is
 * the configuration's, needed nobody. What is approved never changes, and what people did to policies is only ever added.
 */
export const policies = `
CREATE TABLE policy_version (
  version text PRIMARY KEY CHECK (version <> ''),
  state text NOT NULL CHECK (state IN ('draft', 'approved', 'live', 'retired', 'rolled_back', 'rejected')),
  authors text[] NOT NULL CHECK (cardinality(authors) > 0),
  approved_by text,
  rollback json,
  revision integer NOT NULL CHECK (revision > 0),
  document json NOT NULL,
  created_at_ms bigint NOT NULL,
  changed_at_ms bigint NOT NULL,
  CHECK (approved_by IS NULL OR NOT approved_by = ANY (authors)),
  CHECK (state IN ('draft', 'rejected') OR approved_by IS NOT NULL OR authors = ARRAY['configuration'])
);
CREATE UNIQUE INDEX policy_version_live ON policy_version ((true)) WHERE state = 'live';
CREATE INDEX policy_version_newest ON policy_version (created_at_ms DESC, version DESC);

CREATE FUNCTION refuse_other_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'policy % is no draft: what it says stays as it was approved, write a new version', OLD.version;
END $$;
CREATE TRIGGER policy_version_as_approved BEFORE UPDATE ON policy_version FOR EACH ROW
  WHEN (OLD.state <> 'draft' AND OLD.document::text <> NEW.document::text) EXECUTE FUNCTION refuse_other_words();

CREATE TABLE policy_change (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at_ms bigint NOT NULL,
  by text NOT NULL,
  what text NOT NULL,
  version text,
  before json,
  after json NOT NULL,
  why text
);
CREATE INDEX policy_change_of_version ON policy_change (version, sequence);
CREATE FUNCTION refuse_another_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'changes of policies are append-only: what was done stays on record';
END $$;
CREATE TRIGGER policy_change_append_only BEFORE UPDATE OR DELETE ON policy_change
  FOR EACH ROW EXECUTE FUNCTION refuse_another_past();`;

/**
 * What was let out, by the minute for each limit, and by the hour for what is usual; when the breaker opened, and what closed it. How many
 * open findings there are about a merchant is its standing.
 */
export const limits = `
CREATE TABLE approved_velocity (
  per text NOT NULL,
  key text NOT NULL,
  minute_ms bigint NOT NULL,
  currency text NOT NULL,
  count integer NOT NULL,
  minor numeric(30) NOT NULL,
  PRIMARY KEY (per, key, minute_ms, currency)
);
CREATE INDEX approved_velocity_age ON approved_velocity (minute_ms);
CREATE TABLE approved_hour (
  hour_ms bigint NOT NULL,
  currency text NOT NULL,
  count integer NOT NULL,
  minor numeric(30) NOT NULL,
  PRIMARY KEY (hour_ms, currency)
);
CREATE TABLE breaker (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  opened_at_ms bigint NOT NULL,
  opened_by text NOT NULL,
  why text NOT NULL CHECK (why <> ''),
  figures json,
  until_ms bigint NOT NULL,
  closed_at_ms bigint,
  closed_by text,
  close_reason text,
  CHECK ((closed_at_ms IS NULL) = (closed_by IS NULL))
);
CREATE INDEX breaker_open ON breaker (until_ms) WHERE closed_at_ms IS NULL;
ALTER TABLE finding ADD COLUMN merchant_id text;
CREATE INDEX finding_open_of_merchant ON finding (merchant_id)
  WHERE merchant_id IS NOT NULL AND status = 'open' AND confidence <> 'possible';`;

/** Each decision with all that it saw, so that it can be made again under any version. */
export const decisions = `
CREATE TABLE decision (
  decision_id text PRIMARY KEY,
  case_id text NOT NULL REFERENCES cases,
  at_ms bigint NOT NULL,
  policy_version text NOT NULL CHECK (policy_version <> ''),
  input json NOT NULL,
  -- What is personal of the case in the input.
  sealed text,
  actions json NOT NULL
);
CREATE INDEX decision_newest ON decision (at_ms DESC, decision_id DESC);
CREATE INDEX decision_newest_of_case ON decision (case_id, at_ms DESC, decision_id DESC);
CREATE INDEX decision_newest_of_policy ON decision (policy_version, at_ms DESC, decision_id DESC);`;
