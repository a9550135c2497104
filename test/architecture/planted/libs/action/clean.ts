export const clean = 'action';
