// breaks: makewhole/layout
export const clean = 'loud';
