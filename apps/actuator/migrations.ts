import type { Migration } from '#postgres/migrate';
import { serviceMigration } from '#postgres/service-schema';

/** What the actuator keeps. Amounts are minor units; `*_ms` are milliseconds since the epoch. */
export const actuatorMigrations: readonly Migration[] = [
  serviceMigration,
  {
    number: 2,
    name: 'actions-money-notices',
    sql: `
      CREATE TABLE action (
        action_id text PRIMARY KEY,
        key text NOT NULL UNIQUE,
        case_id text NOT NULL,
        account_id text NOT NULL,
        kind text NOT NULL,
        payment_id text,
        currency text,
        amount_minor bigint CHECK (amount_minor >= 0),
        state text NOT NULL
          CHECK (state IN ('approved', 'sent', 'pending', 'confirmed', 'failed', 'refused', 'unknown')),
        guard text,
        reason text,
        reference text,
        -- Money that this action holds of a captured payment.
        reserves boolean NOT NULL DEFAULT false,
        -- The ledger's sums contain our refund.
        in_ledger boolean NOT NULL DEFAULT false,
        -- A call went out, or may have, and no answer is stored.
        unanswered boolean NOT NULL DEFAULT false,
        connector text NOT NULL,
        -- Whose answers it waits for: the payment provider behind the connector.
        lane text NOT NULL,
        calls int NOT NULL DEFAULT 0,
        asks int NOT NULL DEFAULT 0,
        steps int NOT NULL DEFAULT 0,
        order_document jsonb NOT NULL,
        order_digest text NOT NULL,
        received_ms bigint NOT NULL,
        changed_ms bigint NOT NULL,
        -- When there is something to do; null when the action is at its end.
        next_ms bigint,
        claimed_by text,
        claim_epoch bigint NOT NULL DEFAULT 0,
        claimed_until timestamptz
      );
      CREATE INDEX action_due ON action (connector, next_ms) WHERE next_ms IS NOT NULL;
      CREATE INDEX action_payment ON action (payment_id) WHERE payment_id IS NOT NULL;
      -- A hold is released once: whatever the guards thought, there is one void of a payment.
      CREATE UNIQUE INDEX action_one_void ON action (payment_id)
        WHERE kind = 'void' AND state IN ('sent', 'pending', 'confirmed', 'unknown');

      CREATE TABLE action_step (
        action_id text NOT NULL REFERENCES action,
        step int NOT NULL,
        state text NOT NULL,
        guard text,
        reason text,
        at_ms bigint NOT NULL,
        PRIMARY KEY (action_id, step)
      );

      CREATE TABLE payment_money (
        payment_id text PRIMARY KEY,
        account_id text NOT NULL,
        currency text NOT NULL,
        captured bigint NOT NULL CHECK (captured >= 0),
        refunded bigint NOT NULL CHECK (refunded >= 0),
        pending bigint NOT NULL CHECK (pending >= 0),
        charged_back bigint NOT NULL CHECK (charged_back >= 0),
        -- Held by our own actions and not yet in the sums above, which are the ledger's.
        reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
        facts jsonb NOT NULL,
        as_of_ms bigint NOT NULL,
        -- The ledger may tell of more refunds than we ordered; we never add to what it tells.
        CONSTRAINT never_more_than_captured CHECK (reserved = 0 OR refunded + pending + charged_back + reserved <= captured)
      );

      CREATE TABLE budget_spent (
        action_id text PRIMARY KEY REFERENCES action,
        currency text NOT NULL,
        minor bigint NOT NULL,
        at_ms bigint NOT NULL
      );
      CREATE INDEX budget_spent_hour ON budget_spent (currency, at_ms);

      CREATE TABLE notice (
        endpoint text NOT NULL,
        notice_id text NOT NULL,
        type text NOT NULL,
        body text NOT NULL,
        state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed', 'disabled')),
        failures int NOT NULL DEFAULT 0,
        reason text,
        created_ms bigint NOT NULL,
        next_ms bigint,
        PRIMARY KEY (endpoint, notice_id)
      );
      CREATE INDEX notice_due ON notice (endpoint, next_ms) WHERE next_ms IS NOT NULL;

      CREATE TABLE hook_endpoint (
        endpoint text PRIMARY KEY,
        disabled_ms bigint,
        reason text
      );
    `,
  },
  {
    number: 3,
    name: 'hook-log',
    sql: `
      -- Each try of a notice, kept for a while.
      CREATE TABLE hook_delivery (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        endpoint text NOT NULL,
        notice_id text NOT NULL,
        at_ms bigint NOT NULL,
        took_ms int NOT NULL,
        result text NOT NULL CHECK (result IN ('delivered', 'retried', 'failed', 'disabled')),
        -- Null when no answer came.
        status int,
        reason text
      );
      CREATE INDEX hook_delivery_endpoint ON hook_delivery (endpoint, number);
      CREATE INDEX hook_delivery_age ON hook_delivery (at_ms);
      CREATE INDEX notice_created ON notice (endpoint, created_ms);
      -- What people did to endpoints and why.
      CREATE TABLE hook_change (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        endpoint text NOT NULL,
        at_ms bigint NOT NULL,
        by text NOT NULL,
        what text NOT NULL,
        reason text,
        notices int NOT NULL
      );
    `,
  },
  {
    number: 4,
    name: 'actions-about-no-buyer',
    sql: 'ALTER TABLE action ALTER COLUMN account_id DROP NOT NULL;',
  },
  {
    number: 5,
    name: 'live-policy',
    sql: `
      -- By whose limits actions are carried out, as casework told it last.
      CREATE TABLE live_policy (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        version text NOT NULL,
        sequence bigint NOT NULL,
        document json NOT NULL,
        told_ms bigint NOT NULL
      );
      -- Under which version a guard refused, or a call was let out.
      ALTER TABLE action_step ADD COLUMN policy_version text;
    `,
  },
  {
    number: 6,
    name: 'velocity',
    sql: `
      ALTER TABLE budget_spent ADD COLUMN merchant_id text, ADD COLUMN operators text[] NOT NULL DEFAULT '{}';
      CREATE INDEX budget_spent_merchant ON budget_spent (merchant_id, at_ms) WHERE merchant_id IS NOT NULL;
      CREATE INDEX budget_spent_operators ON budget_spent USING gin (operators);
    `,
  },
  {
    number: 7,
    name: 'accruals',
    sql: `
      ALTER TABLE action ADD COLUMN accrual text, ADD COLUMN finding_id text;
      -- Whatever the guards thought: one compensation a finding, one provisional credit a payment.
      CREATE UNIQUE INDEX action_one_compensation ON action (finding_id)
        WHERE accrual = 'daily-compensation' AND state IN ('sent', 'pending', 'confirmed', 'unknown');
      CREATE UNIQUE INDEX action_one_credit ON action (payment_id)
        WHERE accrual = 'provisional-credit' AND state IN ('sent', 'pending', 'confirmed', 'unknown');
    `,
  },
];
