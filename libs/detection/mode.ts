import type { Claim } from '#detection/claim';
import type { DetectorName } from '#detection/detector';
import type { FindingKind } from '#detection/finding';

/** `off`: not asked. `shadow`: found, counted and shown, never acted on. `live`: acted on as policy says. */
export type DetectorMode = 'off' | 'shadow' | 'live';

/** By kind of finding; a kind that is absent is live. */
export type DetectorModes = Readonly<Partial<Record<FindingKind, DetectorMode>>>;

export const modeOf = (modes: DetectorModes, kind: FindingKind): DetectorMode => modes[kind] ?? 'live';

/** What a detector tells, where that is not the one kind of its own name. */
const kindsTold: Readonly<Partial<Record<DetectorName, readonly FindingKind[]>>> = {
  'duplicate-charge': ['duplicate-charge', 'paid-by-other-means'],
  'twin-charge': ['duplicate-charge'],
  'double-debit': ['duplicate-charge'],
  'credit-differs': ['statement-amount-differs'],
  'cancelled-order': ['refund-overdue'],
};

export const kindsOf = (detector: string): readonly FindingKind[] =>
  kindsTold[detector as DetectorName] ?? [detector as FindingKind];

/** Nothing of what the detector could say is wanted: it is not asked. */
export const isOff = (modes: DetectorModes, detector: string): boolean =>
  kindsOf(detector).every((kind) => modeOf(modes, kind) === 'off');

/** The modes that are not live as one text, empty for none: what an account's state notes of those by which it was last judged. */
export const modesText = (modes: DetectorModes): string =>
  Object.entries(modes)
    .filter(([, mode]) => mode !== 'live')
    .map(([kind, mode]) => `${kind}=${mode}`)
    .sort()
    .join(' ');

export const readModes = (text: string): DetectorModes =>
  Object.fromEntries(text === '' ? [] : text.split(' ').map((pair) => pair.split('='))) as DetectorModes;

/** Drops what is off and marks what is in shadow, in place. */
export function applyModes(modes: DetectorModes, claims: Claim[]): void {
  let kept = 0;
  for (const claim of claims) {
    const mode = modeOf(modes, claim.kind);
    if (mode !== 'off') claims[kept++] = mode === 'shadow' ? { ...claim, mode } : claim;
  }
  claims.length = kept;
}
