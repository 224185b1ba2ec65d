import { CHANNEL_NAMES, type EffectsMode } from '@rapport/engine';
import { ValidateBy } from 'class-validator';
import { isRecord } from '../config/parse-value';
import { ByBody } from '../plays/play-bodies';
import { Choice, Optional } from '../queries/parameter-rules';
import { EFFECTS_MODES } from './effects-view';

const RULE = `must hold channels (${CHANNEL_NAMES.join(', ')}), each with ${EFFECTS_MODES.join(', ')}, or null to follow all of them again`;

/** An object with a member for each channel that is to change. */
const ModesOfChannels = (): PropertyDecorator =>
  ValidateBy({
    name: 'modesOfChannels',
    validator: { validate: isModes, defaultMessage: () => RULE },
  });

function isModes(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const entries = Object.entries(value);
  const isMode = (mode: unknown): boolean => mode === null || (EFFECTS_MODES as readonly unknown[]).includes(mode);
  return entries.length > 0 && entries.every(([name, mode]) => CHANNEL_NAMES.includes(name) && isMode(mode));
}

/** Says something only with one of the two. */
export class EffectsBody extends ByBody {
  @Optional()
  @Choice(EFFECTS_MODES)
  all?: EffectsMode;

  @Optional()
  @ModesOfChannels()
  channels?: { [channel: string]: EffectsMode | null };
}
