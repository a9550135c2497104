// breaks: pure-npm-event
import { parse } from 'yaml';

export const read = parse;
