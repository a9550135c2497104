export const clean = 'postgres';
