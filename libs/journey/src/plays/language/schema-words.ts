/** Building blocks of the JSON Schema of plays. */
import { PLAY_CHANNELS, TASK_CHANNEL } from './channel-names';

export type Schema = { readonly [keyword: string]: unknown };
export type Properties = { readonly [name: string]: Schema };

export const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
export const closed = (properties: Properties, required: readonly string[] = [], more: Schema = {}): Schema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
});
export const listOf = (items: Schema, maxItems: number, minItems = 1): Schema => ({
  type: 'array',
  items,
  minItems,
  maxItems,
});
export const oneOrMore = (words: readonly string[]): Schema => ({
  oneOf: [{ enum: words }, { ...listOf({ enum: words }, words.length), uniqueItems: true }],
});
export const pattern = (text: string): Schema => ({ type: 'string', pattern: text });

export const NAME = ref('playName');
export const DURATION = ref('duration');
export const TIME = ref('time');
export const WEEKDAYS = ref('weekdays');
export const CHANNEL: Schema = { enum: PLAY_CHANNELS };
/** Every channel but task, whose steps have more keys. */
export const MESSAGE_CHANNEL: Schema = { enum: PLAY_CHANNELS.filter((one) => one !== TASK_CHANNEL) };
