import { InvalidArgumentError } from 'commander';

/** Reads a whole number within bounds; anything else is wrong use. */
export const parseCount =
  (option: string, least: number, most: number) =>
  (text: string): number => {
    const count = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (!(count >= least && count <= most))
      throw new InvalidArgumentError(`${option} needs a whole number from ${least} to ${most}.`);
    return count;
  };
