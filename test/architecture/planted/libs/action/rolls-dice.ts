// breaks: no-restricted-syntax
export const sequence = (): number => Math.random();
