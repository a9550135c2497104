export const clean = 'simulator';
