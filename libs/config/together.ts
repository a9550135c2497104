import type { ConfigFault } from '#config/fault';
import type { ConfigTree } from '#config/schema';

/** Rules that no single value can break. */
export function checkTogether(config: ConfigTree, faults: ConfigFault[]): void {
  checkApiKeys(config, faults);
  checkKafka(config, faults);
  const { stream, gateway, actuator } = config;
  if (stream.leaseRenewMs * 2 > stream.leaseMs) {
    faults.push({
      where: 'stream.leaseRenewMs',
      message: 'must be at most half of stream.leaseMs, or one slow renewal loses the lease',
    });
  }
  if (gateway.eventBytesMax > gateway.requestBytesMax) {
    faults.push({ where: 'gateway.eventBytesMax', message: 'must not be above gateway.requestBytesMax' });
  }
  if (gateway.requestBytesMax > gateway.inFlightBytesMax) {
    faults.push({ where: 'gateway.requestBytesMax', message: 'must not be above gateway.inFlightBytesMax' });
  }
  if (actuator.platformUrl !== '' && actuator.platformSecret === '') {
    faults.push({ where: 'actuator.platformSecret', message: 'is needed to sign calls to actuator.platformUrl' });
  }
  const { adyen, paypal } = actuator;
  if (adyen.apiKey !== '' && (adyen.merchantAccount === '' || adyen.url === '')) {
    faults.push({ where: 'actuator.adyen.apiKey', message: 'needs actuator.adyen.merchantAccount and actuator.adyen.url' });
  }
  if ((paypal.clientId === '') !== (paypal.clientSecret === '')) {
    faults.push({
      where: 'actuator.paypal.clientId',
      message: 'and actuator.paypal.clientSecret are given together or not at all',
    });
  }
  checkDistinct('actuator.hooks', actuator.hooks, faults);
}

function checkApiKeys({ apiKeys }: ConfigTree, faults: ConfigFault[]): void {
  apiKeys.forEach(({ secret, sha256 }, index) => {
    if ((secret === undefined) === (sha256 === undefined)) {
      faults.push({ where: `apiKeys.${index}`, message: 'needs either `secret` or `sha256`' });
    }
  });
  checkDistinct('apiKeys', apiKeys, faults);
}

function checkKafka({ log: { kafka } }: ConfigTree, faults: ConfigFault[]): void {
  if (kafka.saslMechanism !== 'none' && (kafka.saslUsername === '' || kafka.saslPassword === '')) {
    faults.push({ where: 'log.kafka.saslMechanism', message: 'needs log.kafka.saslUsername and log.kafka.saslPassword' });
  }
  if ((kafka.certificateFile === '') !== (kafka.keyFile === '')) {
    faults.push({ where: 'log.kafka.certificateFile', message: 'and log.kafka.keyFile are given together or not at all' });
  }
}

function checkDistinct(where: string, named: readonly { readonly name: string }[], faults: ConfigFault[]): void {
  named.forEach(({ name }, index) => {
    if (named.findIndex((other) => other.name === name) < index) {
      faults.push({ where: `${where}.${index}.name`, message: `\`${name}\` is taken by another: names are unique` });
    }
  });
}
