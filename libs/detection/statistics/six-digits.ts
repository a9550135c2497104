/** A number as its nearest one of six significant digits: what a learnt value needs, at half the length of its text. */
export const sixDigits = (value: number): number => Number(value.toPrecision(6));
