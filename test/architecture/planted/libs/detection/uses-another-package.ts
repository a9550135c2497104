// breaks: pure-npm-detection
import { parse } from 'yaml';

export const read = parse;
