import { Type } from '@sinclair/typebox';
import { evidence, retention, vault } from '#config/keeping';
import { choice, count, duration, flag, list, oneOf, secrets, section, text, words, type ValueOf } from '#config/leaf';

const second = 1_000;
const minute = 60 * second;
const mebibyte = 1_048_576;

export const roles = ['viewer', 'investigator', 'approver', 'admin', 'ingest', 'emergency'] as const;
export type Role = (typeof roles)[number];

const log = section(
  {
    kafka: section(
      {
        brokers: words('host:port of the brokers to start from; none: the log is a table of Postgres.', { env: 'KAFKA_BROKERS' }),
        clientId: text('makewhole', 'Name shown in the brokers’ logs and quotas.'),
        tls: flag(false, 'Encrypt the connection and check the brokers’ certificates.'),
        caFile: text('', 'PEM file of the authority that signed them; empty: those that Node trusts.'),
        certificateFile: text('', 'PEM file of our own certificate, where brokers ask for one.'),
        keyFile: text('', 'PEM file of its key.'),
        saslMechanism: choice(['none', 'plain', 'scram-sha-256', 'scram-sha-512'], 'none', 'How we log in at the brokers.'),
        saslUsername: text('', 'Name for SASL.'),
        saslPassword: text('', 'Password for SASL.', { secret: true }),
        deliveryTimeoutMs: duration(30 * second, [second, 10 * minute], 'An append that no broker confirmed by then has failed.'),
      },
      'Apache Kafka.',
    ),
    partitions: section(
      {
        paymentEvents: count(
          8,
          [1, 1_000],
          'Partitions of `payment-events` when we create it; never change it for a topic in use.',
        ),
        others: count(4, [1, 1_000], 'Partitions of each other topic when we create it.'),
      },
      'How wide the topics are that we create.',
    ),
  },
  'The log that carries everything.',
);

const database = section(
  {
    url: text('', 'Postgres; empty: an embedded server is started.', { env: 'DATABASE_URL', secret: true }),
    directory: text('.makewhole/postgres', 'Where the embedded server keeps its data, durably.'),
    port: count(0, [0, 65_535], 'Port of the embedded server on loopback; 0: any free one.'),
    poolMax: count(4, [1, 200], 'Connections of each service.'),
  },
  'Where progress, states, cases and actions live.',
);

const http = section(
  {
    host: text('127.0.0.1', 'Address to listen on; 0.0.0.0 for all.'),
    port: count(8080, [0, 65_535], 'Port to listen on; 0: any free one.'),
    bodyBytesMax: count(mebibyte, [1_024, 64 * mebibyte], 'Longest body of a request that is no batch of events.'),
    stopMs: duration(10 * second, [0, 5 * minute], 'How long requests in hand may take to finish at a stop.'),
    progressMsMax: duration(30 * second, [second, 60 * minute], '`/livez` fails when a service made no progress for this long.'),
  },
  'The edge: API, health and metrics.',
);

const webhooks = section(
  {
    stripe: section(
      {
        secrets: secrets(
          'Signing secrets of the endpoint, `whsec_…`: both while one replaces the other. None: not taken.',
          '^whsec_.{16,}$',
        ),
      },
      'Stripe: `POST /v1/webhooks/stripe`.',
    ),
    adyen: section(
      {
        hmacKeys: secrets(
          'HMAC keys of the webhook, hexadecimal: both while one replaces the other. None: not taken.',
          '^([0-9A-Fa-f]{2}){32,}$',
        ),
        capturesAtOnce: flag(false, 'The account captures at once and tells no CAPTURE: an AUTHORISATION is a capture as well.'),
      },
      'Adyen: `POST /v1/webhooks/adyen`.',
    ),
    perSecond: count(500, [1, 100_000], 'Webhooks a second of each provider.'),
    burst: count(5_000, [1, 1_000_000], 'Webhooks that a provider may send at once after a rest.'),
  },
  'Webhooks of providers; their signature is their authority.',
);

const pointer = Type.String({ pattern: '^(/[^/]*)+$' });
const rawField = Type.Union([
  pointer,
  Type.Object(
    { at: pointer, as: oneOf(['text', 'upper', 'lower', 'seconds', 'milliseconds', 'decimal']) },
    { additionalProperties: false },
  ),
  Type.Object({ value: Type.Union([Type.String(), Type.Number(), Type.Boolean()]) }, { additionalProperties: false }),
]);

const rawTopic = Type.Object(
  {
    topic: Type.String({ pattern: '^[\\w.-]{1,249}$' }),
    source: Type.String({ minLength: 1, maxLength: 500 }),
    type: Type.Object(
      { at: pointer, values: Type.Record(Type.String(), Type.String()), ignore: Type.Array(Type.String(), { default: [] }) },
      { additionalProperties: false },
    ),
    id: rawField,
    time: rawField,
    fields: Type.Record(Type.String(), rawField),
  },
  { additionalProperties: false },
);

const gateway = section(
  {
    eventBytesMax: count(512 * 1_024, [1_024, 1_000_000], 'Longest single event; Kafka refuses more than 1 MiB.'),
    requestBytesMax: count(8 * mebibyte, [1_024, 256 * mebibyte], 'Longest request with events.'),
    requestEventsMax: count(10_000, [1, 1_000_000], 'Most events in a request.'),
    inFlightBytesMax: count(
      64 * mebibyte,
      [mebibyte, 4_096 * mebibyte],
      'Bytes of events held in memory until they are durable.',
    ),
    appendTimeoutMs: duration(10 * second, [100, 5 * minute], 'How long a request waits for the log before it is answered 503.'),
    rate: section(
      {
        eventsPerSecond: count(20_000, [1, 10_000_000], 'Events a second for each API key.'),
        burst: count(100_000, [1, 100_000_000], 'Events that a key may send at once after a rest.'),
      },
      'A token bucket for each API key.',
    ),
    webhooks,
    rawTopics: list(
      rawTopic,
      'Topics that other systems write in a layout of their own: where the fields of our events are in it.',
    ),
    ignoredTypes: words('Event types that are taken and left alone, beside those of the interface.'),
  },
  'Takes events over HTTP.',
);

const stream = section(
  {
    workers: count(1, [0, 64], 'Worker threads of the detector; 0: all on the main thread. Changes speed, never a result.'),
    latenessMs: duration(minute, [0, 24 * 60 * minute], 'How late an event of one account may be against those of others.'),
    futureMs: duration(5 * minute, [0, 24 * 60 * minute], 'An event dated further ahead than this is quarantined.'),
    commitMs: duration(50, [1, minute], 'Longest time between two commits of effects and progress.'),
    commitEvents: count(4_000, [1, 100_000], 'Most events in one commit.'),
    checkpointMs: duration(
      30 * second,
      [100, 10 * minute],
      'While there is a backlog changed states are written over this long, while events are fresh over a sixth of it.',
    ),
    statesMax: count(200_000, [1, 10_000_000], 'Account states held in memory, over all partitions.'),
    leaseMs: duration(
      3 * second,
      [500, 5 * minute],
      'A process that did not renew its lease for this long loses its partitions.',
    ),
    leaseRenewMs: duration(second, [100, minute], 'How often a lease is renewed.'),
  },
  'How the services read the log.',
);

const endpoint = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    url: Type.String({ pattern: '^https?://.+' }),
    secret: Type.String({ pattern: '^whsec_.{24,}', secret: true }),
    /** Signs too, until every receiver knows the new one. */
    previousSecret: Type.Optional(Type.String({ pattern: '^whsec_.{24,}', secret: true })),
    types: Type.Optional(Type.Array(Type.String())),
    kinds: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: false },
);

const url = { pattern: '^(https?://.+)?$' };

const stripe = section(
  {
    secretKey: text('', 'Restricted or secret API key with write access to refunds and payment intents; empty: not used.', {
      secret: true,
    }),
    url: text('https://api.stripe.com', 'Where its API is.', { pattern: '^https?://.+' }),
  },
  'Refunds and voids of payments whose `provider` is `stripe`.',
);

const adyen = section(
  {
    apiKey: text('', 'API key with the rights to refund and cancel; empty: not used.', { secret: true }),
    merchantAccount: text('', 'Merchant account of the payments.'),
    url: text('', 'Checkout API with its version: https://checkout-test.adyen.com/v71, or the live one with its prefix.', url),
  },
  'Refunds and voids of payments whose `provider` is `adyen`; what became of them comes by its webhooks.',
);

const paypal = section(
  {
    clientId: text('', 'Client id of the REST app; empty: not used.'),
    clientSecret: text('', 'Its secret.', { secret: true }),
    url: text('https://api-m.paypal.com', 'Where its API is.', { pattern: '^https?://.+' }),
  },
  'Refunds and voids of payments whose `provider` is `paypal`.',
);

const actuator = section(
  {
    dryRun: flag(false, 'Nothing is sent: every action is refused by the guard `dry-run`.'),
    platformUrl: text('', 'The platform’s endpoint for actions; empty: actions wait as `approved`.', {
      ...url,
    }),
    stripe,
    adyen,
    paypal,
    platformSecret: text('', 'Standard Webhooks secret for it, `whsec_…`.', { secret: true, pattern: '^(whsec_.{24,})?$' }),
    hooks: list(
      endpoint,
      'Who is told: name, url, secret, while it is changed previousSecret, and to limit them the types of notices and the kinds of findings.',
    ),
    privateAddresses: flag(false, 'Calls may go to loopback and private addresses: for tests and closed networks.'),
    callTimeoutMs: duration(10 * second, [100, 5 * minute], 'A call without an answer by then is `unknown`.'),
    askAgainMs: duration(30 * second, [100, 24 * 60 * minute], 'How often a pending or unknown action is asked about.'),
    inFlightMax: count(16, [1, 1_000], 'Calls under way at once for each endpoint.'),
  },
  'Carries actions out and tells the outside.',
);

const clocks = section(
  {
    acknowledge: count(3, [1, 260], 'Working days until the buyer hears that the case exists.'),
    answer: count(15, [1, 260], 'Working days until the buyer hears what was decided; fewer where the law of the place says so.'),
    resolve: count(35, [1, 260], 'Working days until the case is closed; otherwise where the law of the place says so.'),
    pay: count(10, [1, 260], 'Working days until the money is back with the buyer; fewer where the law of the place says so.'),
    acknowledgeHours: count(0, [0, 240], 'Business hours in place of `acknowledge`; 0: by working days.'),
    opens: count(9, [0, 23], 'The hour (UTC) at which a business day begins.'),
    closes: count(17, [1, 24], 'The hour (UTC) at which it ends.'),
    platform_complaint: count(15, [1, 260], 'Working days of the first step of the ladder; China: 7 to 15.'),
    consumer_association: count(20, [1, 260], 'Working days of the consumer association.'),
    mediation: count(30, [1, 260], 'Working days of mediation.'),
    arbitration: count(60, [1, 260], 'Working days of arbitration.'),
    court: count(120, [1, 260], 'Working days of a court.'),
    police: count(30, [1, 260], 'Working days of the police.'),
  },
  'How long the clocks of a case run, by the calendar of the buyer’s bank; they stand still while the buyer is awaited.',
);

const apiKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    roles: Type.Array(oneOf(roles), { minItems: 1 }),
    secret: Type.Optional(Type.String({ minLength: 16, maxLength: 200, secret: true })),
    sha256: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$', secret: true })),
  },
  { additionalProperties: false },
);

/** The one configuration. Every name, default, range and sentence of documentation stands here. */
export const configSchema = section(
  {
    log,
    database,
    http,
    gateway,
    stream,
    actuator,
    clocks,
    vault,
    retention,
    evidence,
    apiKeys: list(apiKey, 'Who may call: name, roles and either the secret or its SHA-256 in hexadecimal. None: nobody may.'),
    policyFile: text(
      '',
      'The policy document (YAML or JSON) that is the first version; empty: the default, which acts on certain findings only. ' +
        'Afterwards people put versions in force.',
    ),
    detectors: Type.Record(
      Type.String(),
      Type.Record(
        Type.String(),
        Type.Union([Type.Number(), Type.Boolean(), Type.String(), Type.Record(Type.String(), Type.Number())]),
      ),
      {
        default: {},
        description: 'For each kind of finding its `mode` (off, shadow, live) and the settings that differ from their defaults.',
      },
    ),
    environment: text('', '`production`: no key is made up at a start with a database of its own.', { env: 'NODE_ENV' }),
    logLevel: choice(['debug', 'info', 'warn', 'error', 'silent'], 'info', 'Least severe line that is logged.'),
    failpoint: text('', 'For fault tests: `<name>` or `<name>:<n>`; the process kills itself when it comes there the n-th time.'),
  },
  'Makewhole.',
);

export type ConfigTree = ValueOf<typeof configSchema>;
export type ApiKey = ConfigTree['apiKeys'][number];
export type Endpoint = ConfigTree['actuator']['hooks'][number];
export type RawTopic = ConfigTree['gateway']['rawTopics'][number];
