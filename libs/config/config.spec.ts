import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { durationSetting, type SettingSpec } from '#kernel/setting';
import { minutes } from '#kernel/time';
import { loadConfig, type Config, type ConfigSources } from '#config/config';
import { redact } from '#config/redact';

const detectors: Record<string, SettingSpec> = {
  'duplicate-charge': {
    windowMs: durationSetting(minutes(10), { min: minutes(1), max: minutes(60) }, 'How near two charges must be.', 'a test'),
    strict: { unit: 'flag', default: false, doc: 'Whether.', source: 'a test' },
  },
};

function fileWith(text: string, name = 'config.yaml'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'config-')), name);
  writeFileSync(path, text);
  return path;
}

function valid(sources: ConfigSources): Config {
  const result = loadConfig({ env: {}, ...sources });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function faults(sources: ConfigSources): Record<string, string> {
  const result = loadConfig({ env: {}, ...sources });
  if (result.ok) throw new Error('expected faults');
  return Object.fromEntries(result.error.map(({ where, message }) => [where, message]));
}

describe('configuration', () => {
  it('is complete with no file and no environment', () => {
    const config = valid({ detectors });
    expect(config.http.port).toBe(8080);
    expect(config.log.kafka.brokers).toEqual([]);
    expect(config.detectors['duplicate-charge']).toEqual({
      mode: 'live',
      settings: { windowMs: 600_000, strict: false },
    });
  });

  it('is frozen at every level', () => {
    const config = valid({ detectors });
    expect(() => Object.assign(config.gateway.rate, { burst: 1 })).toThrow(TypeError);
  });

  it('takes YAML and JSON, and the environment wins over the file', () => {
    const yaml = fileWith('http:\n  port: 9000\n  host: 0.0.0.0\n');
    expect(valid({ file: yaml, env: { MAKEWHOLE_HTTP_PORT: '9001' } }).http).toMatchObject({ port: 9001, host: '0.0.0.0' });
    const json = fileWith('{"stream":{"workers":2}}', 'config.json');
    expect(valid({ file: json }).stream.workers).toBe(2);
  });

  it('takes what is secret from a file that the environment names, and says which file it could not read', () => {
    const [first, second] = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64'));
    const env = {
      MAKEWHOLE_VAULT_MASTER_KEYS_FILE: fileWith(`${first}\n${second}\n`),
      DATABASE_URL_FILE: fileWith('postgres://h/d\n'),
    };
    expect(valid({ env })).toMatchObject({ vault: { masterKeys: [first, second] }, database: { url: 'postgres://h/d' } });
    expect(JSON.stringify(redact(valid({ env })))).not.toContain(first);
    const missing = faults({ env: { MAKEWHOLE_VAULT_MASTER_KEYS_FILE: '/nowhere/key' } });
    expect(missing['MAKEWHOLE_VAULT_MASTER_KEYS_FILE']).toContain('/nowhere/key cannot be read (ENOENT)');
    const short = faults({ env: { MAKEWHOLE_VAULT_MASTER_KEYS: 'c2hvcnQ=' } });
    expect(JSON.stringify(short)).not.toContain('c2hvcnQ=');
  });

  it('knows the usual names of the environment', () => {
    const env = { DATABASE_URL: 'postgres://u:p@h/d', KAFKA_BROKERS: 'a:1, b:2', MAKEWHOLE_FAILPOINT: 'relay.before-append:3' };
    const config = valid({ env });
    expect(config.database.url).toBe('postgres://u:p@h/d');
    expect(config.log.kafka.brokers).toEqual(['a:1', 'b:2']);
    expect(config.failpoint).toBe('relay.before-append:3');
  });

  it('reads durations as text or as milliseconds', () => {
    expect(valid({ file: fileWith('stream: { latenessMs: 2m, commitMs: 20 }') }).stream).toMatchObject({
      latenessMs: 120_000,
      commitMs: 20,
    });
  });

  it('takes API keys from the environment as JSON', () => {
    const keys = [{ name: 'shop', roles: ['ingest'], secret: 'a-secret-of-the-shop' }];
    expect(valid({ env: { MAKEWHOLE_API_KEYS: JSON.stringify(keys) } }).apiKeys).toEqual(keys);
  });

  it('reports every fault together, each with where and what to do', () => {
    const file = fileWith('htpp: {}\nhttp: { port: 99999, hots: a }\nlogLevel: loud\nstream: { latenessMs: soon }\n');
    const found = faults({ file, env: { MAKEWHOLE_GATEWAY_RATE_BURST: 'many', MAKEWHOLE_GATWAY_RATE_BURST: '1' } });
    expect(Object.keys(found).sort()).toEqual([
      'MAKEWHOLE_GATWAY_RATE_BURST',
      'gateway.rate.burst (MAKEWHOLE_GATEWAY_RATE_BURST)',
      'htpp',
      'http.hots',
      'http.port',
      'logLevel',
      'stream.latenessMs',
    ]);
    expect(found['htpp']).toContain('did you mean `http`?');
    expect(found['http.hots']).toContain('did you mean `host`?');
    expect(found['MAKEWHOLE_GATWAY_RATE_BURST']).toContain('did you mean MAKEWHOLE_GATEWAY_RATE_BURST?');
    expect(found['http.port']).toContain('from 0 to 65535; found 99999');
    expect(found['logLevel']).toContain('one of debug, info, warn, error, silent');
  });

  it('names a file that is missing, broken or no mapping', () => {
    expect(Object.values(faults({ file: '/does/not/exist.yaml' }))[0]).toContain('ENOENT');
    expect(Object.values(faults({ file: fileWith('a: [1') }))).toHaveLength(1);
    expect(Object.values(faults({ file: fileWith('- a') }))[0]).toContain('expected a mapping');
  });

  it('refuses an API key with no secret, with two, or with a name that is taken', () => {
    const file = fileWith(
      'apiKeys:\n  - { name: a, roles: [ingest] }\n  - { name: a, roles: [admin], secret: 0123456789abcdef }\n',
    );
    expect(Object.keys(faults({ file }))).toEqual(['apiKeys.0', 'apiKeys.1.name']);
  });

  it('never shows a secret in a fault', () => {
    const file = fileWith('apiKeys: [{ name: a, roles: [ingest], secret: short }]');
    expect(JSON.stringify(faults({ file }))).not.toContain('short');
  });

  it('refuses rules that only show in two values together', () => {
    const file = fileWith('stream: { leaseMs: 1s, leaseRenewMs: 900 }\nlog: { kafka: { saslMechanism: plain } }');
    expect(Object.keys(faults({ file }))).toEqual(['log.kafka.saslMechanism', 'stream.leaseRenewMs']);
  });
});

describe('settings of detectors', () => {
  it('are checked against what each detector declares', () => {
    const text = 'detectors:\n  duplicate-charge: { mode: shadow, windowMs: 5m }\n';
    expect(valid({ file: fileWith(text), detectors }).detectors['duplicate-charge']).toEqual({
      mode: 'shadow',
      settings: { windowMs: 300_000, strict: false },
    });
  });

  it('report an unknown detector, a wrong mode, an unknown setting and a value out of range together', () => {
    const text = 'detectors:\n  duplicate-chrage: {}\n  duplicate-charge: { mode: on, windowMS: 1, windowMs: 1s, strict: 3 }\n';
    const found = faults({ file: fileWith(text), detectors });
    expect(found['detectors.duplicate-chrage']).toContain('did you mean `duplicate-charge`?');
    expect(found['detectors.duplicate-charge.mode']).toContain('one of off, shadow, live');
    expect(found['detectors.duplicate-charge.windowMS']).toContain('did you mean `windowMs`?');
    expect(found['detectors.duplicate-charge.windowMs']).toContain('from 60000 up to 3600000');
    expect(found['detectors.duplicate-charge.strict']).toContain('true or false');
  });

  it('are reported beside the faults of every other section, and of values together', () => {
    const text =
      'http: { port: 99999 }\nstream: { leaseMs: 1s, leaseRenewMs: 900 }\ndetectors:\n  duplicate-charge: { mode: quiet }\n  frozen: 3\n';
    expect(Object.keys(faults({ file: fileWith(text), detectors })).sort()).toEqual([
      'detectors.duplicate-charge.mode',
      'detectors.frozen',
      'http.port',
      'stream.leaseRenewMs',
    ]);
  });

  it('may be amounts by currency, whole and not below zero', () => {
    const spec = { caps: { day: { unit: 'minor_by_currency', default: {}, doc: 'Most a day.', source: 'a test' } } } as const;
    const read = (text: string) => ({ file: fileWith(`detectors: { caps: { day: ${text} } }`), detectors: spec });
    expect(valid(read('{ EUR: 1000, JPY: 500 }')).detectors['caps']?.settings).toEqual({ day: { EUR: 1000, JPY: 500 } });
    for (const wrong of ['{ euro: 1 }', '{ EUR: 1.5 }', '{ EUR: -1 }', '7'])
      expect(faults(read(wrong))['detectors.caps.day']).toContain('whole minor units by currency');
  });

  it('that bound each other are checked together', () => {
    const spec = {
      twin: {
        nearMs: { ...durationSetting(10, { min: 1, max: 99 }, 'Near.', 'a test'), notAbove: 'farMs' },
        farMs: durationSetting(20, { min: 1, max: 99 }, 'Far.', 'a test'),
      },
    };
    const text = 'detectors: { twin: { nearMs: 30 } }';
    expect(faults({ file: fileWith(text), detectors: spec })).toEqual({
      'detectors.twin.nearMs': 'must not be above farMs (20); found 30',
    });
  });

  it('and modes are set by the environment, which wins over the file', () => {
    const file = fileWith('detectors: { duplicate-charge: { mode: shadow, strict: true } }');
    const env = { MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_MODE: 'off', MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_WINDOW_MS: '5m' };
    expect(valid({ file, env, detectors }).detectors['duplicate-charge']).toEqual({
      mode: 'off',
      settings: { windowMs: 300_000, strict: true },
    });
    const caps = { caps: { day: { unit: 'minor_by_currency', default: {}, doc: 'Most a day.', source: 'a test' } } } as const;
    const amounts = { MAKEWHOLE_DETECTORS_CAPS_DAY: '{"EUR":1000}' };
    expect(valid({ env: amounts, detectors: caps }).detectors['caps']?.settings).toEqual({ day: { EUR: 1000 } });
  });

  it('are reported with the variable that was wrong, and one that no detector has', () => {
    const env = {
      MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_MODE: 'quiet',
      MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_STRICT: 'perhaps',
      MAKEWHOLE_DETECTORS_DUPLICATE_CHRAGE_MODE: 'off',
    };
    const found = faults({ env, detectors });
    expect(Object.keys(found).sort()).toEqual([
      'MAKEWHOLE_DETECTORS_DUPLICATE_CHRAGE_MODE',
      'detectors.duplicate-charge.mode (MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_MODE)',
      'detectors.duplicate-charge.strict (MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_STRICT)',
    ]);
    expect(found['MAKEWHOLE_DETECTORS_DUPLICATE_CHRAGE_MODE']).toContain(
      'did you mean MAKEWHOLE_DETECTORS_DUPLICATE_CHARGE_MODE?',
    );
  });

  it('are left alone by a service that runs no detector', () => {
    expect(valid({ env: { MAKEWHOLE_DETECTORS_ANYTHING_MODE: 'off' } }).detectors).toEqual({});
    expect(valid({ file: fileWith('detectors: { anything: { strict: false } }') }).detectors).toEqual({});
  });
});

describe('raw topics', () => {
  const eventFields = { 'payment.failed': ['accountId', 'paymentId'], 'order.confirmed': ['accountId', 'orderId'] };
  const layout = {
    topic: 'legacy',
    source: '/legacy',
    type: { at: '/type', values: { declined: 'payment.failed' } },
    id: '/id',
    time: { at: '/at', as: 'seconds' },
    fields: { '/accountId': '/buyer', '/paymentId': { at: '/payment', as: 'text' }, '/reason': { value: 'declined' } },
  };
  const fileOf = (...topics: object[]) => fileWith(JSON.stringify({ gateway: { rawTopics: topics } }), 'config.json');

  it('are read from a file, complete', () => {
    const [topic] = valid({ file: fileOf(layout), eventFields }).gateway.rawTopics;
    expect(topic).toEqual({ ...layout, type: { ...layout.type, ignore: [] } });
  });

  it('report a type that we do not have, a field that is needed, our own topics and repeats, together', () => {
    const wrong = { ...layout, topic: 'findings', type: { at: '/type', values: { a: 'payment.fialed', b: 'order.confirmed' } } };
    const found = faults({ file: fileOf(layout, wrong, { ...layout, fields: { accountId: '/buyer' } }), eventFields });
    expect(found['gateway.rawTopics.1.type.values.a']).toContain('did you mean `payment.failed`?');
    expect(found['gateway.rawTopics.1.type.values.b']).toBe('order.confirmed needs /orderId in fields');
    expect(found['gateway.rawTopics.1.topic']).toContain('a topic of ours');
    expect(found['gateway.rawTopics.2.topic']).toContain('mapped twice');
    expect(found['gateway.rawTopics.2.fields']).toContain('no JSON pointer');
  });

  it('report a pointer that is none', () => {
    expect(Object.keys(faults({ file: fileOf({ ...layout, id: 'id' }), eventFields }))).toEqual(['gateway.rawTopics.0.id']);
  });
});

describe('redact', () => {
  it('hides every secret, and of a URL only the password', () => {
    const env = {
      DATABASE_URL: 'postgres://user:geheim@host:5432/db',
      MAKEWHOLE_LOG_KAFKA_SASL_PASSWORD: 'geheim',
      MAKEWHOLE_API_KEYS: JSON.stringify([{ name: 'shop', roles: ['ingest'], secret: 'geheim-geheim-geheim' }]),
    };
    const shown = JSON.stringify(redact(valid({ env })));
    expect(shown).not.toContain('geheim');
    expect(shown).toContain('postgres://user:***@host:5432/db');
    expect(shown).toContain('"name":"shop"');
  });
});
