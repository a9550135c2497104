import { countFalseAlarms, type FalseAlarms } from '#test/online-retail/count';
import { toEvents } from '#test/online-retail/events';
import { readOnlineRetail } from '#test/online-retail/invoices';
import type { Evaluation } from './evaluation';
import { replayEvents } from './replay-events';

export const onlineRetail: Evaluation = {
  name: 'online-retail',
  about: 'Online Retail as it is: false duplicate alarms per 10,000 charges, those that open a case and those only listed',
  folder: 'online_retail',
  run(directory, tell) {
    const data = readOnlineRetail(directory);
    if (data === undefined) return undefined;
    const measure = (orders: boolean): FalseAlarms => {
      tell(orders ? 'each charge with its order' : 'charges without orders');
      const events = toEvents(data, { orders });
      const lines = events.map((event) => JSON.stringify(event));
      const findings = replayEvents(events, Date.UTC(2012, 0, 1));
      return countFalseAlarms(
        lines,
        findings.map(({ finding }) => JSON.stringify(finding)),
      );
    };
    const plain = measure(false);
    const withOrders = measure(true);
    const unit = 'per 10,000 charges';
    return {
      figures: [
        { name: 'false duplicate alarms, no orders known', value: plain.per10000Charges, unit, goal: { atMost: 5 } },
        { name: '… with those only listed (possible)', value: plain.per10000WithPossible, unit },
        { name: 'false duplicate alarms, orders known', value: withOrders.per10000Charges, unit, goal: { atMost: 5 } },
        { name: '… with those only listed (possible)', value: withOrders.per10000WithPossible, unit },
      ],
      measured: { plain, withOrders },
    };
  },
};
