import { unknownName } from '#config/detector-settings';
import type { ConfigFault } from '#config/fault';
import type { RawTopic } from '#config/schema';

/** Topics of ours: reading one as another's would feed us our own words. */
const ours: ReadonlySet<string> = new Set([
  'payment-events',
  'scope-events',
  'findings',
  'cases',
  'actions',
  'action-results',
  'dead-letters',
]);

/** Whether each layout maps to types that we have, and everything that they need. */
export function checkRawTopics(
  topics: readonly RawTopic[],
  eventFields: Readonly<Record<string, readonly string[]>>,
  faults: ConfigFault[],
): void {
  topics.forEach(({ topic, type, fields }, index) => {
    const where = `gateway.rawTopics.${index}`;
    if (ours.has(topic))
      faults.push({ where: `${where}.topic`, message: `\`${topic}\` is a topic of ours: name one that others write` });
    if (topics.findIndex((other) => other.topic === topic) < index)
      faults.push({ where: `${where}.topic`, message: `\`${topic}\` is mapped twice` });
    const mapped = Object.keys(fields);
    for (const name of mapped.filter((pointer) => !/^(\/[^/]+)+$/.test(pointer)))
      faults.push({
        where: `${where}.fields`,
        message: `\`${name}\` is no JSON pointer into an event: write /accountId, /amount/minor`,
      });
    for (const [told, event] of Object.entries(type.values)) {
      const at = `${where}.type.values.${told}`;
      const needed = Object.hasOwn(eventFields, event) ? eventFields[event] : undefined;
      if (needed === undefined) faults.push({ where: at, message: unknownName('event type', event, Object.keys(eventFields)) });
      const missing =
        needed?.filter((field) => !mapped.some((pointer) => pointer === `/${field}` || pointer.startsWith(`/${field}/`))) ?? [];
      if (missing.length > 0)
        faults.push({ where: at, message: `${event} needs ${missing.map((field) => `/${field}`).join(', ')} in fields` });
    }
  });
}
