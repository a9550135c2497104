import { encodeCursor } from '#apps/casework/api/cursor';
import { minutes } from '#kernel/time';
import { noon } from '#test/casework/finding-messages';
import { markerOf } from '#test/casework/seed-cases';

export interface ListRequest {
  readonly list: 'cases' | 'findings' | 'actions' | 'search' | 'queues';
  readonly query: Readonly<Record<string, string>>;
}

/** What lists are asked for, by what makes it hard: what is common, what is rare, what is not there at all, and what lies deep. */
export function listRequests(copy: number): Readonly<Record<string, ListRequest>> {
  const marker = markerOf(copy);
  const deep = encodeCursor({ atMs: noon - minutes(300), id: '' });
  const cases = (query: ListRequest['query']): ListRequest => ({ list: 'cases', query });
  const findings = (query: ListRequest['query']): ListRequest => ({ list: 'findings', query });
  const actions = (query: ListRequest['query']): ListRequest => ({ list: 'actions', query });
  const search = (q: string): ListRequest => ({ list: 'search', query: { q } });
  return {
    'cases, the first page': cases({}),
    'cases, a page deep down': cases({ cursor: deep }),
    'open cases': cases({ status: 'open' }),
    'closed cases, deep down': cases({ status: 'closed', cursor: deep }),
    'cases of a stage': cases({ stage: 'awaiting_buyer' }),
    'cases of a common kind': cases({ kind: 'duplicate-charge' }),
    'cases of a common kind, deep down': cases({ kind: 'duplicate-charge', cursor: deep }),
    'cases of a rare kind': cases({ kind: 'insider-abuse' }),
    'cases of a kind that is not there': cases({ kind: 'payment-outage' }),
    'open cases of a rare kind': cases({ kind: 'frozen-funds', status: 'open' }),
    'cases of a buyer': cases({ accountId: `a${marker}3` }),
    'cases of a buyer with many': cases({ accountId: `a${marker}0` }),
    'cases of a payment': cases({ paymentId: `p${marker}6` }),
    'cases of an order': cases({ orderId: `o${marker}6` }),
    'cases of a queue': cases({ queue: 'charges' }),
    'cases of a small queue': cases({ queue: 'security' }),
    'cases of an empty queue': cases({ queue: 'statements' }),
    'cases of a person': cases({ assignee: 'ines' }),
    'cases of a person without any': cases({ assignee: 'nobody' }),
    'cases with a tag': cases({ tag: 'vip' }),
    'cases with a tag, deep down': cases({ tag: 'vip', cursor: deep }),
    'cases with a tag that is not there': cases({ tag: 'none' }),
    'cases with any loss': cases({ minLossMinor: '1', currency: 'EUR' }),
    'cases with a large loss': cases({ minLossMinor: '900000', currency: 'EUR' }),
    'open cases with a large loss': cases({ minLossMinor: '900000', currency: 'USD', status: 'open' }),
    'cases with a loss beyond all': cases({ minLossMinor: '90000000', currency: 'EUR' }),
    'cases with a loss in a currency that is not there': cases({ minLossMinor: '1', currency: 'JPY' }),
    'findings, the first page': findings({}),
    'findings, a page deep down': findings({ cursor: deep }),
    'findings of a rare kind': findings({ kind: 'insider-abuse' }),
    'findings of a kind that is not there': findings({ kind: 'payment-outage' }),
    'possible findings': findings({ confidence: 'possible' }),
    'open findings': findings({ status: 'open' }),
    'findings in shadow': findings({ mode: 'shadow' }),
    'possible findings of a rare kind in shadow': findings({ mode: 'shadow', kind: 'frozen-funds', confidence: 'possible' }),
    'live findings': findings({ mode: 'live' }),
    'findings that a snooze keeps out': findings({ suppressedBy: 'snooze-1' }),
    'findings of a buyer': findings({ accountId: `a${marker}3` }),
    'actions, the first page': actions({}),
    'actions, a page deep down': actions({ cursor: deep }),
    'actions that wait for people': actions({ state: 'awaiting_approval' }),
    'actions of a state that is not there': actions({ state: 'confirmed' }),
    'actions of a rare kind': actions({ kind: 'unfreeze' }),
    'actions of a kind that is not there': actions({ kind: 'compensate' }),
    'actions of a buyer': actions({ accountId: `a${marker}3` }),
    'search by a buyer': search(`a${marker}3`),
    'search by an order': search(`o${marker}6`),
    'search by a payment': search(`p${marker}6`),
    'search by a finding': search(`f${marker}6`),
    'search by a reference': search(`ref${marker}6`),
    'search by the last four digits': search('0042'),
    'search by what nobody said': search('nobody'),
    queues: { list: 'queues', query: {} },
  };
}

export const pathOf = ({ list, query }: ListRequest): string => `/v1/${list}?${new URLSearchParams(query).toString()}`;
