import { checkHost, isPublicAddress, publicLookup } from '#connector/address';

describe('addresses that calls may go to', () => {
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12:3456::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'ff02::1',
    'not an address',
    '',
  ])('%s is none', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])('%s is one', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it('a host that is an address itself is checked without a lookup', () => {
    for (const url of ['http://127.0.0.1/x', 'http://[::1]/x', 'http://2130706433/', 'http://0x7f.1/', 'http://[::ffff:a00:1]/'])
      expect(() => checkHost(new URL(url).hostname)).toThrow('blocked');
    expect(() => checkHost('example.com')).not.toThrow();
    expect(() => checkHost('8.8.8.8')).not.toThrow();
  });

  it.each([true, false])('a name that leads inside is blocked at the lookup (all: %s)', async (all) => {
    const error = await new Promise((resolve) => publicLookup('localhost', { all }, (fault) => resolve(fault)));
    expect(error).toMatchObject({ code: 'MAKEWHOLE_BLOCKED_ADDRESS' });
  });
});
