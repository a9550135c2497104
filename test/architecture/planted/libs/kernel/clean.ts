export const clean = 'kernel';
