export const clean = 'config';
