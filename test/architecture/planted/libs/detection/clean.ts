export const clean = 'detection';
