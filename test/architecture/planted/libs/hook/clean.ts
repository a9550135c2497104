export const clean = 'hook';
