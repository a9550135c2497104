/** What a file may be, and how its first bytes say so: documents and pictures that prove something, nothing that runs. */
const signatures: readonly (readonly [mediaType: string, matches: (bytes: Buffer) => boolean])[] = [
  ['application/pdf', (bytes) => bytes.subarray(0, 5).toString('latin1') === '%PDF-'],
  ['image/png', (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))],
  ['image/jpeg', (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))],
  ['image/webp', (bytes) => /^RIFF.{4}WEBP$/s.test(bytes.subarray(0, 12).toString('latin1'))],
  ['text/plain', isText],
];

export const fileTypes = signatures.map(([mediaType]) => mediaType);

/** What the bytes are, whatever they are called; undefined when they are nothing that we take. */
export const sniffMediaType = (bytes: Buffer): string | undefined => signatures.find(([, matches]) => matches(bytes))?.[0];

/** UTF-8 without control characters but tab and line ends, and no markup that a browser could take for a page. */
function isText(bytes: Buffer): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text) && !/^\s*<(?:!doctype|html|script|svg|\?xml)/i.test(text);
  } catch {
    return false;
  }
}
