export const clean = 'event';
