export const clean = 'ledger';
