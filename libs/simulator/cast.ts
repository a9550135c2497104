import { accountLookAlikes } from '#simulator/look-alikes-account';
import { paymentLookAlikes } from '#simulator/look-alikes-payment';
import { accountLosses } from '#simulator/losses-account';
import { paymentLosses } from '#simulator/losses-payment';
import { statementLookAlikes } from '#simulator/look-alikes-statement';
import { statementLosses } from '#simulator/losses-statement';
import { sideLookAlikes } from '#simulator/look-alikes-side';
import { sideLosses } from '#simulator/losses-side';
import { Random } from '#simulator/random';
import type { Loss, Ordinary } from '#simulator/story';

export const losses: readonly Loss[] = [...paymentLosses, ...accountLosses, ...sideLosses, ...statementLosses];
export const lookAlikes: readonly Ordinary[] = [
  ...paymentLookAlikes,
  ...accountLookAlikes,
  ...sideLookAlikes,
  ...statementLookAlikes,
];

export interface PlatformOptions {
  /** The same options give the same events, to the byte. */
  readonly seed: number;
  readonly buyers: number;
  /** How often each story of a loss is told. */
  readonly lossesEach: number;
  readonly lookAlikesEach: number;
}

export type Role = { readonly loss: Loss } | { readonly lookAlike: Ordinary };

/** Who plays what: a buyer has one story at most, so that every finding has one cause. */
export interface Cast {
  /** Stories of the past, by the buyer's number. */
  readonly past: ReadonlyMap<number, Role>;
  /** Stories of the present, by the buyer's number; these buyers have an ordinary past. */
  readonly present: ReadonlyMap<number, Role>;
  /** Buyers without a story. */
  readonly ordinary: readonly [number, ...number[]];
}

/** Throws when there are fewer buyers than stories. */
export function castRoles(options: PlatformOptions): Cast {
  const past = rolesOf(losses, options);
  const present = rolesOf(
    losses.filter((loss) => loss.live),
    options,
  );
  const buyers = new Random(`${options.seed}-cast`).shuffle([...Array(options.buyers).keys()]);
  const [first, ...others] = buyers.slice(past.length + present.length);
  if (first === undefined) {
    throw new RangeError(`${past.length + present.length} stories need more than ${options.buyers} buyers`);
  }
  const assign = (roles: readonly Role[], from: number) =>
    new Map(roles.map((role, index) => [buyers[from + index] as number, role] as const));
  return { past: assign(past, 0), present: assign(present, past.length), ordinary: [first, ...others] };
}

function rolesOf(told: readonly Loss[], { lossesEach, lookAlikesEach }: PlatformOptions): Role[] {
  const repeat = (times: number, role: Role): Role[] => Array<Role>(times).fill(role);
  return [
    ...told.flatMap((loss) => repeat(lossesEach, { loss })),
    ...lookAlikes.flatMap((lookAlike) => repeat(lookAlikesEach, { lookAlike })),
  ];
}
