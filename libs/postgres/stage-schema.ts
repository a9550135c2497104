import type { Migration } from '#postgres/migrate';

/** What a stage's runtime keeps, one topic a schema: where to fold again from, states, what was told, dead letters, deadlines. */
export const stageMigration: Migration = {
  number: 2,
  name: 'stage',
  sql: `
    ALTER TABLE partition_progress
      ADD COLUMN watermark bigint,
      ADD COLUMN last_event_id text,
      ADD COLUMN applied bigint NOT NULL DEFAULT 0,
      ADD COLUMN duplicate bigint NOT NULL DEFAULT 0,
      ADD COLUMN quarantined bigint NOT NULL DEFAULT 0,
      ADD COLUMN dead_lettered bigint NOT NULL DEFAULT 0,
      ADD COLUMN ignored bigint NOT NULL DEFAULT 0,
      ADD COLUMN shared text,
      ADD COLUMN checkpoint_offset bigint NOT NULL DEFAULT 0,
      ADD COLUMN checkpoint_watermark bigint,
      ADD COLUMN checkpoint_shared text;

    -- What a refold cannot read from the log: how far the clock had moved the watermark, and changes of the shared state.
    CREATE TABLE partition_mark (
      partition int NOT NULL,
      "offset" bigint NOT NULL,
      watermark bigint,
      shared text,
      PRIMARY KEY (partition, "offset")
    );

    CREATE TABLE account_state (
      account_id text NOT NULL,
      partition int NOT NULL,
      "offset" bigint NOT NULL,
      next_deadline bigint,
      state text NOT NULL,
      PRIMARY KEY (partition, account_id)
    ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1);
    CREATE INDEX account_state_due ON account_state (partition, next_deadline) WHERE next_deadline IS NOT NULL;

    CREATE TABLE finding (
      finding_id text PRIMARY KEY,
      account_id text NOT NULL,
      topic text NOT NULL,
      body text NOT NULL,
      digest text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now()
    ) WITH (fillfactor = 90);
    CREATE INDEX finding_account ON finding (account_id);

    -- Of what only goes out, the digest is enough.
    CREATE TABLE message_told (
      message_id text PRIMARY KEY,
      digest text NOT NULL
    ) WITH (fillfactor = 90);

    CREATE TABLE dead_letter (
      topic text NOT NULL,
      partition int NOT NULL,
      "offset" bigint NOT NULL,
      reason text NOT NULL,
      source text,
      id text,
      pointer text,
      expected text,
      found text,
      bytes bytea NOT NULL,
      buried_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (topic, partition, "offset")
    );

    CREATE TABLE deadline_fired (
      partition int NOT NULL,
      account_id text NOT NULL,
      name text NOT NULL,
      subject text NOT NULL,
      at bigint NOT NULL,
      watermark bigint NOT NULL,
      "offset" bigint NOT NULL,
      PRIMARY KEY (account_id, name, subject, at)
    );

    -- One commit of several partitions. Rows are locked in one order; a partition whose epoch or sequence has moved on is left out,
    -- or reported as stored when it was this very commit that moved it.
    CREATE FUNCTION commit_partitions(
      of_topic text, progress json, said json, buried json, fired json, marks json,
      state_partitions int[], state_keys text, state_texts text, state_offsets bigint[], state_deadlines bigint[]
    ) RETURNS TABLE (of_partition int, outcome text, news int[])
    LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    #variable_conflict use_column
    DECLARE
      mine int[];
      told int[] := '{}';
    BEGIN
      PERFORM FROM partition_progress p
      WHERE p.topic = of_topic AND p.partition IN (SELECT (i ->> 'partition')::int FROM json_array_elements(progress) i)
      ORDER BY p.partition FOR UPDATE;

      WITH updated AS (
        UPDATE partition_progress p SET
          sequence = i.sequence + 1, next_offset = i.next_offset, watermark = i.watermark, last_event_id = i.last_event_id,
          applied = i.applied, duplicate = i.duplicate, quarantined = i.quarantined, dead_lettered = i.dead_lettered,
          ignored = i.ignored, shared = i.shared, checkpoint_offset = i.checkpoint_offset,
          checkpoint_watermark = i.checkpoint_watermark, checkpoint_shared = i.checkpoint_shared, updated_at = now()
        FROM json_to_recordset(progress) AS i (
          partition int, epoch bigint, sequence bigint, expected bigint, next_offset bigint, watermark bigint, last_event_id text,
          applied bigint, duplicate bigint, quarantined bigint, dead_lettered bigint, ignored bigint, shared text,
          checkpoint_offset bigint, checkpoint_watermark bigint, checkpoint_shared text)
        WHERE p.topic = of_topic AND p.partition = i.partition
          AND p.epoch = i.epoch AND p.sequence = i.sequence AND p.next_offset = i.expected
        RETURNING p.partition
      )
      SELECT coalesce(array_agg(partition), '{}') INTO mine FROM updated;

      IF said IS NOT NULL THEN
        WITH input AS (
          SELECT * FROM json_to_recordset(said) AS i (
            n int, partition int, kind text, id text, topic text, key text, body text, digest text)
          WHERE i.partition = ANY (mine)
        ), compared AS (
          SELECT i.*, coalesce(lag(i.digest) OVER (PARTITION BY i.kind, i.id ORDER BY i.n), f.digest, m.digest) AS before
          FROM input i
          LEFT JOIN finding f ON i.kind = 'finding' AND f.finding_id = i.id
          LEFT JOIN message_told m ON i.kind = 'message' AND m.message_id = i.id
        ), fresh AS (
          SELECT * FROM compared WHERE digest IS DISTINCT FROM before
        ), latest AS (
          SELECT DISTINCT ON (kind, id) * FROM fresh ORDER BY kind, id, n DESC
        ), findings AS (
          INSERT INTO finding AS f (finding_id, account_id, topic, body, digest)
          SELECT id, key, topic, body, digest FROM latest WHERE kind = 'finding'
          ON CONFLICT (finding_id) DO UPDATE SET body = excluded.body, digest = excluded.digest, updated_at = now()
        ), messages AS (
          INSERT INTO message_told AS m (message_id, digest)
          SELECT id, digest FROM latest WHERE kind = 'message'
          ON CONFLICT (message_id) DO UPDATE SET digest = excluded.digest
        ), sent AS (
          INSERT INTO outbox (topic, key, message_id, value)
          SELECT topic, key, id || '@' || digest, convert_to(body, 'UTF8') FROM fresh ORDER BY n
        )
        SELECT coalesce(array_agg(n), '{}') INTO told FROM fresh;
      END IF;

      IF buried IS NOT NULL THEN
        WITH input AS (
          SELECT * FROM json_to_recordset(buried) AS i (
            partition int, "offset" bigint, key text, message_topic text, message text, reason text, source text, id text,
            pointer text, expected text, found text, bytes text)
          WHERE i.partition = ANY (mine)
        ), letters AS (
          INSERT INTO dead_letter AS d (topic, partition, "offset", reason, source, id, pointer, expected, found, bytes)
          SELECT of_topic, partition, "offset", reason, source, id, pointer, expected, found, decode(bytes, 'base64') FROM input
          ON CONFLICT (topic, partition, "offset") DO NOTHING
          RETURNING partition, "offset"
        )
        INSERT INTO outbox (topic, key, message_id, value)
        SELECT i.message_topic, i.key, of_topic || '/' || i.partition || '/' || i."offset", convert_to(i.message, 'UTF8')
        FROM input i JOIN letters USING (partition, "offset") ORDER BY i.partition, i."offset";
      END IF;

      IF fired IS NOT NULL THEN
        INSERT INTO deadline_fired (partition, account_id, name, subject, at, watermark, "offset")
        SELECT partition, account_id, name, subject, at, watermark, "offset"
        FROM json_to_recordset(fired) AS i (
          partition int, account_id text, name text, subject text, at bigint, watermark bigint, "offset" bigint)
        WHERE i.partition = ANY (mine)
        ON CONFLICT DO NOTHING;
      END IF;

      IF marks IS NOT NULL THEN
        INSERT INTO partition_mark AS m (partition, "offset", watermark, shared)
        SELECT partition, "offset", watermark, shared
        FROM json_to_recordset(marks) AS i (partition int, "offset" bigint, watermark bigint, shared text)
        WHERE i.partition = ANY (mine)
        ON CONFLICT (partition, "offset") DO UPDATE
        SET watermark = greatest(m.watermark, excluded.watermark), shared = coalesce(excluded.shared, m.shared);
        DELETE FROM partition_mark m USING partition_progress p
        WHERE p.topic = of_topic AND p.partition = ANY (mine) AND m.partition = p.partition AND m."offset" < p.checkpoint_offset;
      END IF;

      IF state_keys IS NOT NULL THEN
        INSERT INTO account_state AS s (account_id, partition, "offset", next_deadline, state)
        SELECT i.account_id, i.partition, i."offset", i.next_deadline, i.state
        FROM unnest(
          string_to_array(state_keys, chr(30)), state_partitions, state_offsets, state_deadlines, string_to_array(state_texts, chr(30))
        ) AS i (account_id, partition, "offset", next_deadline, state)
        WHERE i.partition = ANY (mine)
        ON CONFLICT (partition, account_id) DO UPDATE
        SET "offset" = excluded."offset", next_deadline = excluded.next_deadline, state = excluded.state;
      END IF;

      RETURN QUERY
      SELECT i.partition,
        CASE WHEN i.partition = ANY (mine) THEN 'stored'
          WHEN p.epoch = i.epoch AND p.sequence = i.sequence + 1 AND p.next_offset = i.next_offset THEN 'already'
          ELSE 'fenced' END,
        told
      FROM json_to_recordset(progress) AS i (partition int, epoch bigint, sequence bigint, next_offset bigint)
      LEFT JOIN partition_progress p ON p.topic = of_topic AND p.partition = i.partition;
    END $$;
  `,
};
