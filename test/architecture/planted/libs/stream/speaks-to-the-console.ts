// breaks: no-console
export const report = (count: number): void => console.log(count);
