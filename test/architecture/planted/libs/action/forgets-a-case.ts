// breaks: @typescript-eslint/switch-exhaustiveness-check
export function isFinal(state: 'sent' | 'confirmed' | 'failed'): boolean {
  switch (state) {
    case 'confirmed':
      return true;
    case 'failed':
      return true;
  }
  return false;
}
