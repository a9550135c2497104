import type { Migration } from '#postgres/migrate';

/** The log as tables: topics, the head of each partition, the records. Offsets are given out under the lock of the head's row. */
export const logMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'log',
    sql: `
      CREATE TABLE topic (
        topic_id serial PRIMARY KEY,
        topic text NOT NULL UNIQUE,
        partitions int NOT NULL CHECK (partitions > 0)
      );

      CREATE TABLE partition_head (
        topic_id int NOT NULL REFERENCES topic,
        partition int NOT NULL,
        start_offset bigint NOT NULL DEFAULT 0,
        next_offset bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (topic_id, partition)
      ) WITH (fillfactor = 50);

      CREATE TABLE record (
        topic_id int NOT NULL,
        partition int NOT NULL,
        "offset" bigint NOT NULL,
        appended_at bigint NOT NULL,
        key bytea NOT NULL,
        value bytea,
        headers text,
        PRIMARY KEY (topic_id, partition, "offset")
      );

      -- Records come in order as parallel arrays; keys and values each lie in one blob, a length of -1 being a null value.
      -- Heads are locked in one order, so that two writers never wait for each other in a circle.
      CREATE FUNCTION append(
        topic_ids int[], partitions int[], keys bytea, key_starts int[], key_lengths int[],
        record_values bytea, value_starts int[], value_lengths int[], headers json
      ) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
      DECLARE
        instant bigint := extract(epoch FROM clock_timestamp()) * 1000;
      BEGIN
        PERFORM FROM partition_head h
        WHERE (h.topic_id, h.partition) IN (SELECT DISTINCT * FROM unnest(topic_ids, partitions))
        ORDER BY h.topic_id, h.partition FOR UPDATE;

        INSERT INTO record (topic_id, partition, "offset", appended_at, key, value, headers)
        SELECT i.topic_id, i.partition,
          h.next_offset + row_number() OVER (PARTITION BY i.topic_id, i.partition ORDER BY i.n) - 1, instant,
          substring(keys FROM i.key_start FOR i.key_length),
          CASE WHEN i.value_length >= 0 THEN substring(record_values FROM i.value_start FOR i.value_length) END,
          headers ->> (i.n - 1)::int
        FROM unnest(topic_ids, partitions, key_starts, key_lengths, value_starts, value_lengths) WITH ORDINALITY
          AS i (topic_id, partition, key_start, key_length, value_start, value_length, n)
        JOIN partition_head h USING (topic_id, partition);

        UPDATE partition_head h SET next_offset = h.next_offset + added.count
        FROM (SELECT topic_id, partition, count(*) FROM unnest(topic_ids, partitions) AS i (topic_id, partition) GROUP BY 1, 2) added
        WHERE (h.topic_id, h.partition) = (added.topic_id, added.partition);

        PERFORM pg_notify('makewhole_log', '');
      END $$;
    `,
  },
];
