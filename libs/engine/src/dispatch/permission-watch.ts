/** Turns bounces, complaints and unsubscriptions into suppressed addresses, as soon as the customer's address is known. */
import type { AppendRequest } from '@rapport/event-store';
import type { PermissionNews } from './permission-news';
import type { SuppressedAddresses } from './suppressed-addresses';

/** `behind`: what is known of the customer is older than the position. */
export type AddressLookup = (
  customerId: string,
  channel: string,
  position: number,
) => { address: string | null } | 'behind';

type News = PermissionNews & { customerId: string; position: number };

const LOOK_AGAIN_MS = 200;
const EMAIL_CHANNEL = 'email';

export class PermissionWatch {
  private news: News[] = [];

  constructor(
    private readonly addressOf: AddressLookup,
    private readonly suppressed: SuppressedAddresses,
    private readonly append: (request: AppendRequest) => void,
  ) {}

  get waiting(): number {
    return this.news.length;
  }

  readonly add = (news: News): void => {
    // A consent that is withdrawn is the customer's own word, not a fault of the address.
    if (news.kind !== 'withdrawn') this.news.push(news);
  };

  nextLook(now: number): number {
    return this.news.length > 0 ? now + LOOK_AGAIN_MS : Infinity;
  }

  look(now: number): void {
    if (this.news.length === 0) return;
    const news = this.news;
    this.news = news.filter((one) => !this.take(one, now));
  }

  private take(news: News, now: number): boolean {
    const channel = news.kind === 'given' && news.channel === 'any' ? EMAIL_CHANNEL : news.channel;
    if (channel !== EMAIL_CHANNEL) return true;
    const found = this.addressOf(news.customerId, channel, news.position);
    if (found === 'behind') return false;
    const { address } = found;
    if (address === null) return true;
    const request =
      news.kind === 'suppressed'
        ? this.suppressed.suppress(channel, address, news.because, now)
        : this.suppressed.release(channel, address, now);
    if (request) this.append(request);
    return true;
  }
}
