import { AddressGuard } from './address-guard';
import { DestinationRefused, targetOf } from './destination';

const guard = new AddressGuard();

/** First, last and one inside of every block that is no receiver on the internet. */
const REFUSED_V4 = [
  ...['0.0.0.0', '0.0.0.1', '0.255.255.255', '10.0.0.0', '10.0.0.1', '10.255.255.255', '100.64.0.0', '100.100.100.200'],
  ...['100.127.255.255', '127.0.0.0', '127.0.0.1', '127.1.2.3', '127.255.255.255', '169.254.0.0', '169.254.169.254'],
  ...['169.254.170.2', '169.254.255.255', '172.16.0.0', '172.17.0.1', '172.31.255.255', '192.0.0.0', '192.0.0.170'],
  ...['192.0.0.255', '192.0.2.0', '192.0.2.1', '192.0.2.255', '192.31.196.1', '192.52.193.1', '192.88.99.0'],
  ...['192.88.99.1', '192.88.99.255', '192.168.0.0', '192.168.1.1', '192.168.255.255', '192.175.48.1', '198.18.0.0'],
  ...['198.18.0.1', '198.19.255.255', '198.51.100.0', '198.51.100.7', '198.51.100.255', '203.0.113.0', '203.0.113.9'],
  ...['203.0.113.255', '224.0.0.0', '224.0.0.1', '239.255.255.255', '240.0.0.0', '250.1.2.3', '255.255.255.254'],
  ...['255.255.255.255'],
];
const REFUSED_V6 = [
  ...['::', '::1', '::2', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
  ...[
    '64:ff9b::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::',
    '100::1',
    '2001::',
    '2001::1',
    '2001:0:1::1',
    '2001:2::1',
  ],
  ...['2001:10::1', '2001:20::1', '2001:1ff:ffff::1', '2001:db8::', '2001:db8::1', '2001:db8:ffff::1', '2002::'],
  ...['2002:7f00:1::', '2002:a00:1::1', '2002:c0a8:101::1', '2620:4f:8000::1', '3fff::', '3fff::1', '3fff:fff::1'],
  ...['5f00::', '5f00::1', 'fc00::', 'fc00::1', 'fd00::1', 'fdff:ffff::1', 'fe80::', 'fe80::1', 'fe80::1%eth0'],
  ...['fec0::1', 'ff00::', 'ff02::1', 'ff05::2', 'ffff::1', '4000::1', '8000::1', '1::1', '0:0:0:0:0:0:0:1'],
];
const ALLOWED = [
  ...[
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.1',
  ],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255', '192.0.1.0', '192.0.3.0'],
  ...[
    '192.88.98.255',
    '192.88.100.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '198.51.99.255',
  ],
  ...['198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255', '2001:200::1', '2001:4860:4860::8888'],
  ...['2003::1', '2606:4700::1111', '2a00:1450::1', '2400::1', '3ffe::1', '2620:4f:7fff::1'],
];
const NO_ADDRESS = [
  '',
  'localhost',
  '127.1',
  '0x7f.1',
  '2130706433',
  '1.2.3',
  '1.2.3.4.5',
  '[::1]',
  '::g',
  '1.2.3.4/8',
];
/** Hosts in URLs that mean an inside address, however they are written. */
const TRICKS = [
  ...['127.0.0.1', '127.1', '127.0.1', '0x7f.1', '0x7f000001', '2130706433', '017700000001', '0177.0.0.1', '0', '0.0'],
  ...[
    '①②⑦.0.0.1',
    '127。0。0。1',
    '127.0.0.1.',
    '%31%32%37.0.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:0:0:1]',
  ],
  ...[
    '[::ffff:7f00:1]',
    '[::ffff:a00:1]',
    '[fe80::1]',
    '[fd00::1]',
    '[2002:7f00:1::]',
    '[64:ff9b::7f00:1]',
    '[2001:db8::1]',
  ],
  ...['10.0.0.1', '0xa.0.0.1', '167772161', '192.168.1.1', '0xc0a80101', '3232235777', '172.16.0.1', '169.254.169.254'],
  ...[
    '0xa9fea9fe',
    '2852039166',
    '100.64.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0xffffffff',
    '240.0.0.1',
  ],
];

describe('which addresses may be reached', () => {
  it.each([...REFUSED_V4, ...REFUSED_V6, ...NO_ADDRESS])('not %s', (address) => {
    expect(guard.mayReach(address)).toBe(false);
  });

  it.each(ALLOWED)('%s may', (address) => expect(guard.mayReach(address)).toBe(true));

  it('and what is allowed explicitly, block by block', () => {
    const own = new AddressGuard(['127.0.0.1', '10.1.0.0/16', 'fd00::/8']);
    for (const address of ['127.0.0.1', '10.1.2.3', 'fd12::1']) expect(own.mayReach(address)).toBe(true);
    for (const address of ['127.0.0.2', '10.2.0.1', 'fc00::1', '::1']) expect(own.mayReach(address)).toBe(false);
  });

  it.each(['10.1.0.0/33', 'fd00::/129', 'intranet', '10.0.0.0/x', ''])('an allowance %j is refused', (block) => {
    expect(() => new AddressGuard([block])).toThrow('is no address');
  });
});

describe('which URLs are sent to', () => {
  const inside = (): Promise<string[]> => Promise.resolve(['10.0.0.1']);
  const outside = (): Promise<string[]> => Promise.resolve(['93.184.216.34']);

  it.each(TRICKS)('https://%s/ is refused after the URL parser', async (host) => {
    await expect(targetOf(`https://${host}/`, guard, inside)).rejects.toThrow(DestinationRefused);
  });

  it.each([
    ...['http://example.org/', 'ftp://example.org/', 'file:///etc/passwd', 'data:,x', 'javascript:1', 'gopher://x/'],
    ...[
      'https://example.org:22/',
      'https://example.org:8080/',
      'https://user@example.org/',
      'https://u:p@example.org/',
    ],
    ...['', 'example.org', '//example.org', 'https://'],
  ])('%s is refused', async (url) => {
    await expect(targetOf(url, guard, outside)).rejects.toThrow(DestinationRefused);
  });

  it('every address of a name must be outside, at each attempt', async () => {
    const answers = [['93.184.216.34', '10.0.0.1'], ['93.184.216.34'], ['127.0.0.1'], []];
    const rebinding = (): Promise<string[]> => Promise.resolve(answers.shift()!);
    await expect(targetOf('https://crm.example/', guard, rebinding)).rejects.toThrow('not public');
    expect((await targetOf('https://crm.example/', guard, rebinding)).address).toBe('93.184.216.34');
    await expect(targetOf('https://crm.example/', guard, rebinding)).rejects.toThrow('not public');
    await expect(targetOf('https://crm.example/', guard, rebinding)).rejects.toThrow('no address');
  });

  it('an allowance opens plain HTTP and other ports, for itself alone', async () => {
    const own = new AddressGuard(['10.0.0.1']);
    expect((await targetOf('http://crm.intern:9000/hook', own, inside)).address).toBe('10.0.0.1');
    await expect(targetOf('http://crm.example:9000/hook', own, outside)).rejects.toThrow('only https');
  });

  it('what it says holds neither the URL nor a key in it', async () => {
    await expect(targetOf('http://10.0.0.1/canary', guard)).rejects.not.toThrow('canary');
  });
});
