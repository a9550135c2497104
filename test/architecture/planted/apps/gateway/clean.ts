export const clean = 'app';
