import { readFileSync } from 'node:fs';
import type { Static } from '@sinclair/typebox';
import Ajv from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { ActionOrder, ActionResult, PolicyMessage } from '#action/action';
import type { CaseMessage } from '#case/case-message';
import type { actionOrderSchema, actionResultSchema, policyMessageSchema } from '#contract/action';
import type { caseMessageSchema } from '#contract/case';
import type { deadLetterSchema } from '#contract/dead-letter';
import { type findingMessageSchema, findingKindSchema, type paymentMessageSchema } from '#contract/finding';
import { findingKinds, type FindingMessage } from '#detection/finding';
import type { DeadLetterReason } from '#event/event';
import { eventsJsonSchema } from '#event/json-schema';
import { contractFiles } from '#test/contract/contract-files';
import { anyEventJson } from '#test/property/event-arbitrary';
import { runs } from '#test/laws/runs';

type DeepReadonly<Value> = Value extends object ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> } : Value;
type Same<Code, Schema> = [DeepReadonly<Code>] extends [DeepReadonly<Schema>]
  ? [DeepReadonly<Schema>] extends [DeepReadonly<Code>]
    ? true
    : 'the schema allows what the code does not know'
  : 'the code says what the schema does not allow';
type Said<Type extends FindingMessage['type']> = Omit<Extract<FindingMessage, { type: Type }>, 'type'>;

describe('the contract', () => {
  it.each(contractFiles)('is checked in as `npm run contract` makes it from the code: $name', ({ path, make }) => {
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(make())));
  });

  it('says of our own messages what the code says', () => {
    const same: {
      finding: Same<Said<'finding'>, Static<typeof findingMessageSchema>>;
      payment: Same<Said<'payment'>, Static<typeof paymentMessageSchema>>;
      case: Same<CaseMessage, Static<typeof caseMessageSchema>>;
      order: Same<ActionOrder, Static<typeof actionOrderSchema>>;
      result: Same<ActionResult, Static<typeof actionResultSchema>>;
      policy: Same<PolicyMessage, Static<typeof policyMessageSchema>>;
      reason: Same<DeadLetterReason, Static<typeof deadLetterSchema>['reason']>;
    } = { finding: true, payment: true, case: true, order: true, result: true, policy: true, reason: true };
    expect(Object.values(same)).not.toContain(false);
    expect((findingKindSchema as unknown as { enum: string[] }).enum).toEqual(findingKinds);
  });
});

describe('the schema of events', () => {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false });
  addFormats(ajv);
  const validate = ajv.compile(eventsJsonSchema());

  it('accepts, in a validator that is not ours, whatever the decoder accepts', () => {
    fc.assert(
      fc.property(anyEventJson(), (event) => {
        if (!validate(event)) throw new Error(ajv.errorsText(validate.errors));
      }),
      runs(1_000),
    );
  });

  it.each([
    ['another version', { specversion: '0.3' }],
    ['an unknown type', { type: 'basket.abandoned' }],
    ['a missing field', { data: { accountId: 'buyer' } }],
    ['a time without offset', { time: '2026-06-11T14:10:00' }],
  ])('refuses %s', (_, change) => {
    const event = { specversion: '1.0', id: 'e', source: 's', type: 'order.confirmed', time: '2026-06-11T14:10:00Z' };
    const whole = { ...event, data: { accountId: 'buyer', orderId: 'o' } };
    expect([validate(whole), validate({ ...whole, ...change })]).toEqual([true, false]);
  });
});
