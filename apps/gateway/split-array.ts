const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The elements of a JSON array as the bytes they came in, so that unknown fields, large numbers and the order of keys survive. Null
 * when the bytes are no array; elements themselves are not checked, their decoder does that. One pass, no copy.
 */
export function splitArray(bytes: Buffer): readonly Buffer[] | null {
  let at = skipSpace(bytes, 0);
  if (bytes[at] !== openBracket) return null;
  at = skipSpace(bytes, at + 1);
  if (bytes[at] === closeBracket) return skipSpace(bytes, at + 1) === bytes.length ? [] : null;
  const elements: Buffer[] = [];
  for (;;) {
    const end = endOfElement(bytes, at);
    if (end <= at) return null;
    elements.push(trimEnd(bytes, at, end));
    if (bytes[end] === closeBracket) return skipSpace(bytes, end + 1) === bytes.length ? elements : null;
    if (bytes[end] !== comma) return null;
    at = skipSpace(bytes, end + 1);
  }
}

/** Where the comma or bracket stands that ends the element. */
function endOfElement(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) at = endOfText(bytes, at);
    else if (byte === openBrace || byte === openBracket) depth += 1;
    else if (depth === 0 && (byte === comma || byte === closeBracket)) return at;
    else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return bytes.length;
}

function endOfText(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at += 1;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function trimEnd(bytes: Buffer, from: number, end: number): Buffer {
  let last = end;
  while (last > from && isSpace(bytes[last - 1])) last -= 1;
  return bytes.subarray(from, last);
}
