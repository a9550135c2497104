// breaks: makewhole/layout
export const clean = 'drawer';
