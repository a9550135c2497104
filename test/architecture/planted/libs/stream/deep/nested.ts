// breaks: makewhole/layout
export const clean = 'deep';
