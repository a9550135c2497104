const EARTH_RADIUS_KM = 6_371;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** Along the great circle (haversine); NaN where a place is not known. */
export function kilometresBetween(from: Point, to: Point): number {
  const north = Math.sin(radians(to.lat - from.lat) / 2);
  const east = Math.sin(radians(to.lon - from.lon) / 2);
  const chord = north * north + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * east * east;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(chord)));
}
