/** Building bricks of the schemas. */
import type { Schema } from './openapi.types';

export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object with exactly these members; a name that ends in `?` may be absent. */
export function object(members: { [name: string]: Schema }, description?: string): Schema {
  const names = Object.keys(members);
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ''), schema])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

export const list = (items: Schema, description?: string): Schema => ({
  type: 'array',
  items,
  ...(description === undefined ? {} : { description }),
});

export const text = (description?: string, more: Schema = {}): Schema => ({
  type: 'string',
  ...(description === undefined ? {} : { description }),
  ...more,
});
export const textOrNull = (description?: string): Schema => ({
  type: ['string', 'null'],
  ...(description === undefined ? {} : { description }),
});
export const whole = (description?: string, minimum = 0): Schema => ({
  type: 'integer',
  minimum,
  ...(description === undefined ? {} : { description }),
});
export const decimal = (description?: string): Schema => ({
  type: 'number',
  ...(description === undefined ? {} : { description }),
});
export const flag = (description?: string): Schema => ({
  type: 'boolean',
  ...(description === undefined ? {} : { description }),
});
export const moment = (description?: string): Schema => text(description, { format: 'date-time' });
export const momentOrNull = (description?: string): Schema => ({
  type: ['string', 'null'],
  format: 'date-time',
  ...(description === undefined ? {} : { description }),
});
export const oneOf = (values: readonly string[], description?: string): Schema => text(description, { enum: values });
export const oneOfOrNull = (values: readonly string[], description?: string): Schema => ({
  enum: [...values, null],
  ...(description === undefined ? {} : { description }),
});
export const mapping = (values: Schema, description?: string): Schema => ({
  type: 'object',
  additionalProperties: values,
  ...(description === undefined ? {} : { description }),
});

/** What every answer says: the position of the log that it is true for, and when that was recorded. */
export const TRUE_FOR = {
  position: whole('The position of the log that this answer is true for.'),
  asOf: moment('When the event at this position was recorded.'),
};

export const page = (items: Schema): { [name: string]: Schema } => ({
  items: list(items),
  'nextCursor?': text('Send it as `cursor` for the next page. Absent on the last one.'),
  ...TRUE_FOR,
});
