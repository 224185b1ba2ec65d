/** What guards ask of a profile. */
import type { ConsentSaid, ProfileState } from '../../language/profile/profile';
import { isTimeZone } from '../local-time/zone-clock';
import type { ChannelName, ConsentSaidAs } from '../play';

/** A consent about it is about every channel. */
export const ANY_CHANNEL = 'any';

/** Of two words, on the channel and on every channel, the newer counts. */
export function consentSaid(profile: ProfileState, purpose: string, channel: ChannelName): ConsentSaidAs {
  if (profile.consents.size === 0) return 'unknown';
  const own = profile.consents.get(consentKey(purpose, channel));
  const all = profile.consents.get(consentKey(purpose, ANY_CHANNEL));
  const said = own !== undefined && all !== undefined ? newer(own, all) : (own ?? all);
  if (said === undefined) return 'unknown';
  return said.value ? 'given' : 'withdrawn';
}

/** Purposes whose keys are kept: those of the definition, mostly a handful. */
const PURPOSES_REMEMBERED_MAX = 256;
const keys = new Map<string, Map<ChannelName, string>>();

/** As the profile names it. Asked by guards again and again, for the same few purposes and channels. */
function consentKey(purpose: string, channel: ChannelName): string {
  let byChannel = keys.get(purpose);
  if (byChannel === undefined) {
    if (keys.size >= PURPOSES_REMEMBERED_MAX) keys.clear();
    keys.set(purpose, (byChannel = new Map<ChannelName, string>()));
  }
  let key = byChannel.get(channel);
  if (key === undefined) byChannel.set(channel, (key = JSON.stringify([purpose, channel])));
  return key;
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
