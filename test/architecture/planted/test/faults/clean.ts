export const clean = 'test';
