import { networkOf } from '#ledger/network';

describe('the network of an address', () => {
  it.each([
    ['81.2.69.10', '81.2.69'],
    ['2001:db8:85a3::8a2e:370:7334', '2001:db8:85a3'],
    ['2001:0DB8:85A3:0000::1', '2001:db8:85a3'],
    ['2001:db8::1', '2001:db8:0'],
    ['::1', '0:0:0'],
    ['::ffff:81.2.69.10', '81.2.69'],
    ['nonsense', ''],
  ])('of %s is %s: its /24, or its /48', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
