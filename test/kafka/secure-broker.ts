import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '#test/kafka/free-port';
import { KafkaNode } from '#test/kafka/node';

const run = promisify(execFile);

export interface SecureBroker {
  /** host:port of the listener that asks for TLS and SASL. */
  readonly brokers: string[];
  /** PEM file of the certificate authority that its certificate is from. */
  readonly caFile: string;
  readonly username: string;
  readonly password: string;
  stop(): Promise<void>;
}

const scrams = ['SCRAM-SHA-256', 'SCRAM-SHA-512'];

/** A real broker with a listener `SASL_SSL` (PLAIN, SCRAM-SHA-256 and -512), its certificate made by Java's keytool for 127.0.0.1. */
export async function startSecureBroker(): Promise<SecureBroker> {
  const directory = mkdtempSync(join(tmpdir(), 'makewhole-tls-'));
  const file = (name: string): string => join(directory, name);
  const [username, password] = ['makewhole', 'correct-horse'];
  const store = ['-keystore', file('server.p12'), '-storetype', 'PKCS12', '-storepass', password, '-alias', 'server'];
  const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1', '-validity', '2'];
  await run('keytool', ['-genkeypair', ...store, '-keyalg', 'EC', '-groupname', 'secp256r1', ...subject]);
  await run('keytool', ['-exportcert', ...store, '-rfc', '-file', file('ca.pem')]);
  const [port, controllerPort, securePort] = (await freePorts(3)) as [number, number, number];
  const login = 'org.apache.kafka.common.security';
  const properties = {
    listeners: `PLAINTEXT://127.0.0.1:${port},SASL_SSL://127.0.0.1:${securePort},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SASL_SSL://127.0.0.1:${securePort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': file('server.p12'),
    'ssl.keystore.password': password,
    'sasl.enabled.mechanisms': ['PLAIN', ...scrams].join(','),
    'listener.name.sasl_ssl.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${username}="${password}";`,
    ...Object.fromEntries(
      scrams.map((mechanism) => [
        `listener.name.sasl_ssl.${mechanism.toLowerCase()}.sasl.jaas.config`,
        `${login}.scram.ScramLoginModule required;`,
      ]),
    ),
  };
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(file('extra.properties'), lines.join(''));
  const formatArgs = scrams.flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${username},password=${password}]`]);
  const node = new KafkaNode({ port, controllerPort, extra: file('extra.properties'), formatArgs });
  await node.start();
  return {
    ...{ brokers: [`127.0.0.1:${securePort}`], caFile: file('ca.pem'), username, password },
    stop: async () => {
      await node.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
