/** What guards ask of a profile. */
import type { ConsentSaid, ProfileState } from '../../language/profile/profile';
import { carrierOf } from '../language/channel-names';
import { isTimeZone } from '../local-time/zone-clock';
import type { ChannelName, ConsentSaidAs } from '../play';

/** A consent about it is about every channel. */
export const ANY_CHANNEL = 'any';

/** Of the words on the channel, on what carries it and on every channel, the newest counts. */
export function consentSaid(profile: ProfileState, purpose: string, channel: ChannelName): ConsentSaidAs {
  const carrier = carrierOf(channel);
  let said = wordOn(profile, purpose, channel, undefined);
  if (carrier !== channel) said = wordOn(profile, purpose, carrier, said);
  said = wordOn(profile, purpose, ANY_CHANNEL, said);
  if (said === undefined) return 'unknown';
  return said.value ? 'given' : 'withdrawn';
}

function wordOn(
  { consents }: ProfileState,
  purpose: string,
  channel: string,
  other: ConsentSaid | undefined,
): ConsentSaid | undefined {
  const own = consents.get(JSON.stringify([purpose, channel]));
  return own !== undefined && other !== undefined ? newer(own, other) : (own ?? other);
}

/** The customer's own zone; `otherwise` where none was said or Intl does not know it. */
export function zoneSaid(profile: ProfileState, otherwise: string): string {
  const said = profile.traits.get('timeZone')?.value;
  return typeof said === 'string' && isTimeZone(said) ? said : otherwise;
}

function newer(a: ConsentSaid, b: ConsentSaid): ConsentSaid {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return a.touchpointId > b.touchpointId ? a : b;
}
