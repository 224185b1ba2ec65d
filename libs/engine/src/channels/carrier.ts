/** What a channel's messages travel by: consent, addresses and suppressions are those of the carrier. */
const CARRIERS: Readonly<Record<string, string>> = { survey: 'email' };

export function carrierOf(channel: string): string {
  return CARRIERS[channel] ?? channel;
}
