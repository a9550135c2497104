/**
 * Hashes for the hot path: fast, well mixed and the same in every process and release, since they are stored. They are no
 * protection against someone who builds collisions on purpose; ids that go outside are made by `deriveId`.
 */

/** MurmurHash3 (32 bits, signed) over a text's UTF-16 units, two a step. */
export function hashText(text: string, seed: number): number {
  const length = text.length;
  let hash = seed;
  let at = 0;
  for (; at + 1 < length; at += 2) hash = mixBlock(hash, text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
  if (at < length) hash = mixBlock(hash, text.charCodeAt(at));
  return finishHash(hash ^ length);
}

export function mixBlock(hash: number, block: number): number {
  let mixed = Math.imul(block, 0xcc9e2d51);
  mixed = (mixed << 15) | (mixed >>> 17);
  mixed = hash ^ Math.imul(mixed, 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

export function finishHash(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/**
 * 53 bits over a CloudEvent's (source, id), for a bounded memory of what was seen. Among n remembered events of one account a new
 * one meets a foreign hash with odds n / 2^53: 1 in 9 · 10^12 for a thousand.
 */
export function identityHash(source: string, id: string): number {
  if (source !== lastSource) {
    lastSource = source;
    highSeed = hashText(source, 0x2c1b3c6d);
    lowSeed = hashText(source, 0x297a2d39);
  }
  return (hashText(id, highSeed) >>> 11) * 0x1_0000_0000 + (hashText(id, lowSeed) >>> 0);
}

/** Events of one source come in runs. */
let lastSource = '';
let highSeed = hashText('', 0x2c1b3c6d);
let lowSeed = hashText('', 0x297a2d39);
