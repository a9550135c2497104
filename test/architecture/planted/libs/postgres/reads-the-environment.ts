// breaks: no-restricted-syntax
export const url = (): string | undefined => process.env.DATABASE_URL;
