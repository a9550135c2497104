import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { toEvents } from '#test/online-retail/events';
import { readOnlineRetail } from '#test/online-retail/invoices';

/**
 * Writes the Online Retail data as events, one a line, for `makewhole replay --input -`:
 * `node --conditions=makewhole-src -r @swc-node/register test/online-retail/convert.ts [--data FOLDER] [--orders]`
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(__dirname, '..', '..', '..', 'shared', 'data', 'online_retail') },
    orders: { type: 'boolean', default: false },
  },
});

const data = readOnlineRetail(values.data);
if (!data) {
  console.error(`no Online Retail data in ${values.data}: name its folder with --data`);
  process.exit(2);
}
const events = toEvents(data, values);
process.stdout.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
console.error(`${events.length} events from ${data.invoices.length} invoices and ${data.refundLines.length} refund lines`);
