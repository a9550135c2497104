import type { AccountState } from '#detection/account-state';

const NAMES = new Map([
  ['+inf', Infinity],
  ['-inf', -Infinity],
]);

export function encodeAccountState(state: AccountState): string {
  return JSON.stringify(state, (_key, value: unknown) =>
    value === Infinity ? { $: '+inf' } : value === -Infinity ? { $: '-inf' } : value,
  );
}

export function decodeAccountState(text: string, _key: string): AccountState {
  return JSON.parse(text, (_name, value: unknown) => {
    const mark = value !== null && typeof value === 'object' ? (value as { $?: string }).$ : undefined;
    return mark === undefined ? value : NAMES.get(mark);
  }) as AccountState;
}
