import { CHANNEL_NAMES } from '@rapport/engine';
import { BY_CHARS_MAX } from '../config/limits';
import { EFFECTS_MODES, UNARMED_REASONS } from '../effects/effects-view';
import { STATUS_FIGURES } from '../operations/status-view';
import type { Schema } from './openapi.types';
import { decimal, flag, moment, object, oneOf, oneOfOrNull, ref, text, textOrNull, whole } from './schema-parts';

const MODE = 'off: nothing leaves; sandbox: into the local outbox or inbox; live: to whom it concerns.';

const ARM = {
  armed: flag('Whether this instance of the store may send at all.'),
  unarmed: oneOfOrNull(UNARMED_REASONS, 'Why it may not.'),
  detail: textOrNull('The same in words, with the mend.'),
  position: whole('End of the log that this is true for.'),
};

const OF_CHANNELS = object(
  Object.fromEntries(CHANNEL_NAMES.map((name) => [name, ref('ChannelEffects')])),
  'Every channel.',
);

const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const SINCE = { detail: text(), since: moment() };

export const EFFECTS_SCHEMAS: { [name: string]: Schema } = {
  Effects: object({
    all: oneOf(EFFECTS_MODES, `${MODE} No channel goes further.`),
    by: text('Who set it.'),
    channels: OF_CHANNELS,
    warnings: {
      type: 'array',
      items: text(),
      description: 'Of plays in force: what is live and reaches nobody, as receivers are configured.',
    },
    ...ARM,
  }),
  ChannelEffects: object({
    set: oneOfOrNull(EFFECTS_MODES, 'Set for this channel; null = it follows `all`.'),
    mode: oneOf(EFFECTS_MODES, 'How far it goes in fact: unarmed, or beyond `all`, is not far.'),
  }),
  Armed: object(ARM),
  EffectsBody: {
    ...object({
      by: text('Who asks for it; stands in the log.', { minLength: 1, maxLength: BY_CHARS_MAX }),
      'all?': oneOf(EFFECTS_MODES, '`off` stops everything at once, whatever the channels say.'),
      'channels?': {
        ...object(Object.fromEntries(CHANNEL_NAMES.map((name) => [`${name}?`, oneOfOrNull(EFFECTS_MODES)]))),
        minProperties: 1,
        description: 'Those that are not named stay as they are; null = it follows `all` again.',
      },
    }),
    anyOf: [{ required: ['all'] }, { required: ['channels'] }],
  },
  Dispatch: object({
    open: whole('Actions that are requested and not over.'),
    underWay: whole('Attempts under way.'),
    position: whole('Position of the log that is carried out.'),
    restarts: whole('Starts after a failure, since the store was opened.'),
    failure: orNull(object({ ...SINCE, nextTry: moment('When it is started again.') }, 'Why nothing is sent.')),
  }),
  Status: object({
    ready: flag('Everything that was in the log at the start is folded.'),
    ...Object.fromEntries(STATUS_FIGURES.map((name) => [name, name === 'lagSeconds' ? decimal() : whole()])),
    unavailable: orNull(object(SINCE, 'Why touchpoints are not taken.')),
    clock: orNull(object({ suspect: flag(), detail: text() })),
    dispatch: orNull(ref('Dispatch')),
    effects: ref('Effects'),
    position: whole('The position that the read models show.'),
  }),
};
