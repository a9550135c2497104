import type { Context, Instrument } from '#event/types';
import type { Money } from '#kernel/money';
import { hashText, type Random } from '#simulator/random';

export type Place = Required<Context>;

/** A buyer of the simulated platform: where they live, what they pay with, what they usually spend. */
export interface Buyer {
  readonly accountId: string;
  readonly currency: string;
  /** Minor units of a usual order. */
  readonly usualMinor: number;
  readonly home: Place;
  readonly card: Instrument;
  readonly otherCard: Instrument;
  readonly provider: string;
  /** Whether the platform hears each line of the buyer's statement. */
  readonly bankTells: boolean;
}

interface Market {
  readonly country: string;
  readonly currency: string;
  readonly usualMinor: number;
  readonly lat: number;
  readonly lon: number;
  readonly network: string;
}

const markets: readonly [Market, ...Market[]] = [
  { country: 'DE', currency: 'EUR', usualMinor: 4_200, lat: 52.52, lon: 13.4, network: '84.17' },
  { country: 'FR', currency: 'EUR', usualMinor: 3_900, lat: 48.86, lon: 2.35, network: '90.3' },
  { country: 'US', currency: 'USD', usualMinor: 5_100, lat: 40.71, lon: -74, network: '68.41' },
  { country: 'GB', currency: 'GBP', usualMinor: 3_300, lat: 51.51, lon: -0.13, network: '81.2' },
  { country: 'JP', currency: 'JPY', usualMinor: 5_800, lat: 35.68, lon: 139.69, network: '126.8' },
  { country: 'KW', currency: 'KWD', usualMinor: 12_500, lat: 29.38, lon: 47.99, network: '37.36' },
];

/** `northbank` tells when payments settle and refunds are posted; the others do not, as many feeds do not. */
export const providers = ['paywave', 'quickpay', 'northbank'] as const;
export const tellsSettlement = (provider: string): boolean => provider === 'northbank';

export const merchants = ['grocer', 'bookshop', 'outfitter', 'pharmacy', 'hardware', 'florist', 'bakery', 'toyshop'] as const;

export function makeBuyer(accountId: string, random: Random): Buyer {
  const market = random.pick(markets);
  const host = hashText(accountId);
  return {
    accountId,
    currency: market.currency,
    usualMinor: market.usualMinor,
    home: {
      ip: `${market.network}.${(host >>> 8) & 255}.${(host & 127) + 1}`,
      deviceId: `device-${accountId}`,
      country: market.country,
      lat: market.lat,
      lon: market.lon,
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X)',
    },
    card: card(accountId, 'first', random.pick(['visa', 'mastercard']), market.country),
    otherCard: card(accountId, 'second', 'amex', market.country),
    provider: random.pick(providers),
    bankTells: false,
  };
}

/** Somewhere that the buyer has never been: another device, network and country. */
export const stranger = (buyer: Buyer): Place => ({
  ip: `185.220.${hashText(buyer.accountId, 7) & 255}.${(hashText(buyer.accountId, 9) & 127) + 1}`,
  deviceId: `stranger-${buyer.accountId}`,
  country: buyer.home.country === 'BR' ? 'AR' : 'BR',
  lat: -23.55,
  lon: -46.63,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
});

export const inCurrencyOf = (buyer: Buyer, minor: number): Money => ({ minor, currency: buyer.currency });

function card(accountId: string, which: string, scheme: string, country: string): Instrument {
  const fingerprint = `card-${which}-${accountId}`;
  return { kind: 'card', fingerprint, scheme, last4: String(hashText(fingerprint) % 10_000).padStart(4, '0'), country };
}
