import { deriveId, sha256Hex } from '#kernel/ids';

/** Crockford's base 32: no I, L, O or U, so that a number survives the telephone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** The 37 check symbols of the same specification. */
const checkAlphabet = `${alphabet}*~$=U`;
const symbolCount = 12;

/** The id of the case that a finding opens: the same finding always opens the same case. */
export const caseIdOf = (findingId: string): string => deriveId('case', findingId);

/** What a buyer quotes: `MW-1A2B-3C4D-5E6F-7`, 60 bits of the case's id and a check symbol. */
export function caseNumberOf(caseId: string): string {
  const value = BigInt(`0x${sha256Hex(`number ${caseId}`).slice(0, 15)}`);
  const symbols = Array.from({ length: symbolCount }, (_, place) => alphabet[Number((value >> BigInt(55 - 5 * place)) & 31n)]);
  return format(symbols.join(''), value);
}

/** The number as it is stored, from what a person typed (any case, O for 0, I or L for 1, spaces), or undefined when mistyped. */
export function readCaseNumber(typed: string): string | undefined {
  const symbols = typed.toUpperCase().replace(/[\s-]/g, '').replace(/^MW/, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (symbols.length !== symbolCount + 1) return undefined;
  let value = 0n;
  for (const symbol of symbols.slice(0, symbolCount)) {
    const digit = alphabet.indexOf(symbol);
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  return symbols.at(-1) === checkOf(value) ? format(symbols.slice(0, symbolCount), value) : undefined;
}

const format = (symbols: string, value: bigint): string =>
  `MW-${symbols.slice(0, 4)}-${symbols.slice(4, 8)}-${symbols.slice(8)}-${checkOf(value)}`;

const checkOf = (value: bigint): string => checkAlphabet[Number(value % 37n)]!;
