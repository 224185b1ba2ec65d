/** A mapping after parsing: how the rows of one file become touchpoints. docs/import.md is the manual of the document. */
import type { JsonValue } from '@rapport/journey';

export const FILE_FORMATS = ['csv', 'ndjson', 'fixed'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const VALUE_TYPES = ['string', 'number', 'integer', 'boolean', 'json', 'date'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** The fields of a touchpoint that a mapping may set beside its properties. */
export const MAPPED_FIELDS = [
  'customerId',
  'touchpointId',
  'type',
  'channel',
  'direction',
  'source',
  'actor',
  'text',
] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];

/** Where a value comes from, and what is done to it on its way. */
export interface ColumnValue {
  from: 'column';
  column: string;
  type: ValueType;
  /** Of dates: a pattern such as `yyyy-MM-dd HH:mm:ss`, `iso`, `epochSeconds` or `epochMilliseconds`. */
  format: string;
  /** IANA name for moments that name no zone themselves. */
  zone?: string;
  absolute: boolean;
  /** Of numbers: the character before the decimals, `.` or `,`. */
  decimal: '.' | ',';
  stripEnd?: string;
  prefix: string;
  /** True = an empty cell leaves the field out instead of making the row bad. */
  optional: boolean;
  /** Replaces what the cell says; a cell that is not listed makes the row bad. */
  map?: ReadonlyMap<string, JsonValue>;
}

export type ValueSource =
  | { from: 'constant'; value: JsonValue }
  /** Texts and columns in turn: `invoice-{InvoiceNo}`. */
  | { from: 'template'; texts: string[]; columns: string[] }
  | ColumnValue;

export interface RowCondition {
  column: string;
  /** One of these texts. Absent = any. */
  oneOf?: string[];
  not?: string[];
  atLeast?: number;
  atMost?: number;
  empty?: boolean;
}

export interface TouchpointFields {
  fields: Partial<Record<MappedField, ValueSource>>;
  occurredAt?: ColumnValue;
  properties: { [name: string]: ValueSource };
  /** Column (NDJSON) that holds an object with all properties. */
  propertiesFrom?: string;
}

/** One kind of row: the first rule whose conditions all hold makes the touchpoint. */
export interface RowRule {
  when: RowCondition[];
  /** Said instead of a touchpoint: why rows of this kind are left out. */
  skip?: string;
  /** The mapping's `touchpoint` with this rule's own fields over it. */
  touchpoint: TouchpointFields;
}

export interface FixedColumn {
  name: string;
  /** First and last character, counted from 1, both included. */
  first: number;
  last: number;
}

/** Another CSV file whose row with the same key adds its columns, as `name.column`. */
export interface Lookup {
  name: string;
  /** Beside the data file unless absolute. */
  file: string;
  /** Column of the lookup file that names its rows, and the data file's column that refers to it. */
  key: string;
  on: string;
  delimiter: string;
}

export interface Mapping {
  /** Part of the identity of rows that carry no id: renaming a mapping makes its rows new ones. */
  name: string;
  format: FileFormat;
  encoding: string;
  delimiter: string;
  /** CSV: names of the columns where the file has no header line. */
  columns?: string[];
  fixed: FixedColumn[];
  lookups: Lookup[];
  rules: RowRule[];
}
