/**
 * The network of an address, without a registry of networks: its /24 (IPv4) or /48 (IPv6), as text; empty for what is no
 * address. Source: facts, "Account takeover".
 */
export function networkOf(ip: string): string {
  if (ip.includes(':')) return v6Prefix(ip.toLowerCase());
  const end = ip.lastIndexOf('.');
  return end > 0 ? ip.slice(0, end) : '';
}

function v6Prefix(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(ip)?.[1];
  if (mapped !== undefined) return networkOf(mapped);
  const [head = '', tail = ''] = ip.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const missing = ip.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0;
  return [...before, ...Array<string>(missing).fill('0'), ...after]
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
