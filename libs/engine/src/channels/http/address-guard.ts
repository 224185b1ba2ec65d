/**
 * Which addresses a message may be sent to. Judged is the address that is connected to, after resolution and after the URL parser
 * has undone tricks such as 0x7f.1; private and loopback ones only by an explicit allowance of the server's configuration.
 */
import { BlockList, isIP } from 'node:net';

/** IANA special-purpose blocks, and multicast: none of them is a receiver on the internet. */
const REFUSED_V4: readonly [address: string, prefix: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Only global unicast is allowed at all, so that mapped, translated, local and multicast addresses need no entry. */
const GLOBAL_V6: [string, number] = ['2000::', 3];
const REFUSED_V6: readonly [address: string, prefix: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
];

export class AddressGuard {
  private readonly refused = new BlockList();
  private readonly global = new BlockList();
  private readonly allowances = new BlockList();

  /** @param allow addresses or CIDR blocks that may be reached although they are not public: `127.0.0.1`, `10.1.0.0/16`, `fd00::/8` */
  constructor(allow: readonly string[] = []) {
    for (const [address, prefix] of REFUSED_V4) this.refused.addSubnet(address, prefix, 'ipv4');
    for (const [address, prefix] of REFUSED_V6) this.refused.addSubnet(address, prefix, 'ipv6');
    this.global.addSubnet(...GLOBAL_V6, 'ipv6');
    for (const block of allow) this.allow(block);
  }

  /** Whether it stands in the allowances: then plain HTTP and any port may be used too. */
  isAllowance(address: string): boolean {
    const family = familyOf(address);
    return family !== null && this.allowances.check(address, family);
  }

  mayReach(address: string): boolean {
    const family = familyOf(address);
    if (family === null) return false;
    if (this.allowances.check(address, family)) return true;
    if (family === 'ipv6' && !this.global.check(address, family)) return false;
    return !this.refused.check(address, family);
  }

  private allow(block: string): void {
    const [address = '', prefix] = block.split('/');
    const family = familyOf(address);
    const bits = prefix === undefined ? (family === 'ipv4' ? 32 : 128) : Number(prefix);
    if (family === null || !Number.isInteger(bits) || bits < 0 || bits > (family === 'ipv4' ? 32 : 128)) {
      throw new Error(`'${block}' is no address and no block of addresses. Write 10.1.2.3, 10.1.0.0/16 or fd00::/8`);
    }
    this.allowances.addSubnet(address, bits, family);
  }
}

/** null = no address, or one with a zone, which is never public. */
function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  if (address.includes('%')) return null;
  const version = isIP(address);
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : null;
}
