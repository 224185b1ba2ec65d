import { HostGuard } from './host-guard';

const PUBLIC_URL = 'https://links.brand.example/';

const check = (
  host: string | undefined,
  origin?: string,
  rules = { host: '127.0.0.1', allowedHosts: [] as string[] },
) => new HostGuard({ ...rules, publicUrl: PUBLIC_URL }, 3000).check(host, origin)?.code;

describe('on loopback', () => {
  it.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:3000'])('answers the host %s', (host) => {
    expect(check(host)).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:3000',
    'localhost',
    'localhost:80',
    'localhost.evil.example:3000',
    '127.0.0.1:3000@evil',
  ])('refuses the host %s', (host) => {
    expect(check(host)).toBe('foreignHost');
  });

  it('answers its own pages and refuses every other', () => {
    expect(check('localhost:3000', 'http://localhost:3000')).toBeUndefined();
    expect(check('localhost:3000', 'http://127.0.0.1:3000')).toBeUndefined();
    for (const origin of [
      'http://evil.example',
      'null',
      'http://localhost:5173',
      'file://',
      '',
      'http://localhost:3000/x',
    ]) {
      expect(check('localhost:3000', origin)).toBe('foreignOrigin');
    }
  });

  it('answers configured hosts, with any port or with theirs', () => {
    const rules = { host: '127.0.0.1', allowedHosts: ['rapport.internal', 'other:8080'] };
    expect(check('rapport.internal', undefined, rules)).toBeUndefined();
    expect(check('Rapport.Internal:3000', 'https://rapport.internal', rules)).toBeUndefined();
    expect(check('other:8080', undefined, rules)).toBeUndefined();
    expect(check('other:3000', undefined, rules)).toBe('foreignHost');
  });
});

describe('beyond loopback', () => {
  const open = { host: '0.0.0.0', allowedHosts: [] as string[] };

  it('answers any host where none is configured, but no foreign page', () => {
    expect(check('10.0.0.5:3000', undefined, open)).toBeUndefined();
    expect(check('10.0.0.5:3000', 'http://10.0.0.5:3000', open)).toBeUndefined();
    expect(check('10.0.0.5:3000', 'http://evil.example', open)).toBe('foreignOrigin');
  });

  it('checks the host where one is configured', () => {
    expect(check('10.0.0.5:3000', undefined, { ...open, allowedHosts: ['rapport.internal'] })).toBe('foreignHost');
  });
});

describe('links in messages', () => {
  const link = (host: string | undefined, allowedHosts: string[] = []) =>
    new HostGuard({ host: '127.0.0.1', allowedHosts, publicUrl: PUBLIC_URL }, 3000).checkLink(host)?.code;

  it.each(['links.brand.example', 'Links.Brand.Example', 'links.brand.example:443', 'localhost:3000'])(
    'are answered under %s',
    (host) => expect(link(host)).toBeUndefined(),
  );

  it.each([undefined, '', 'evil.example', 'links.brand.example.evil', 'x.links.brand.example'])(
    'are not answered under %s',
    (host) => expect(link(host)).toBe('foreignHost'),
  );

  it('open the host of the public URL to nothing else', () => {
    expect(check('links.brand.example')).toBe('foreignHost');
    expect(check('localhost:3000', 'https://links.brand.example')).toBe('foreignOrigin');
    expect(link('other.example', ['other.example'])).toBeUndefined();
  });
});
