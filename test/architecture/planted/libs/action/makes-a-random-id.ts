// breaks: no-restricted-syntax
import { randomUUID } from 'node:crypto';

export const key = (): string => randomUUID();
