// breaks: @typescript-eslint/no-explicit-any
export const rows: any[] = [];
