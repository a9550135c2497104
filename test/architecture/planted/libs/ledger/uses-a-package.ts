// breaks: pure-npm
import { mean } from 'simple-statistics';

export const middle = mean;
