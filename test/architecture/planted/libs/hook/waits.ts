// breaks: no-restricted-globals
export const later = (act: () => void): void => void setTimeout(act, 1000);
