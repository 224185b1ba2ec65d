/** What guards ask of a profile. */
import type { ConsentSaid, ProfileState } from '../../language/profile/profile';
import { isTimeZone } from '../local-time/zone-clock';
import type { ChannelName, ConsentSaidAs } from '../play';

/** A consent about it is about every channel. */
export const ANY_CHANNEL = 'any';

/** Of two words, on the channel and on every channel, the newer counts. */
export function consentSaid(profile: ProfileState, purpose: string, channel: ChannelName): ConsentSaidAs {
  const own = profile.consents.get(JSON.stringify([purpose, channel]));
  const all = profile.consents.get(JSON.stringify([purpose, ANY_CHANNEL]));
  const said = own !== undefined && all !== undefined ? newer(own, all) : (own ?? all);
  if (said === undefined) return 'unknown';
  return said.value ? 'given' : 'withdrawn';
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
