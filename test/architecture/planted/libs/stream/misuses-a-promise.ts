// breaks: @typescript-eslint/no-misused-promises
export function isReady(ready: () => Promise<boolean>): string {
  return ready() ? 'ready' : 'waiting';
}
