export const clean = 'case';
