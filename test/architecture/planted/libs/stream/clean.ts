export const clean = 'stream';
