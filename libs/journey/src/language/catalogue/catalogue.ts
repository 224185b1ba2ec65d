/**
 * The catalogue: what each known touchpoint type means and how its properties look. A type that nobody described is
 * recorded all the same and counts as an interaction without meaning.
 */
import { ACTION } from './action';
import { MEANINGS, type CatalogueEntry, type Meaning, type PropertySpec } from './catalogue-entry';
import { BILLING, FULFILMENT, OFFER, PURCHASE } from './commerce';
import { CHAT, COMMUNITY, EMAIL, PHONE, SOCIAL, STORE } from './conversation';
import { APP, WEB } from './digital';
import { PROFILE } from './profile';
import { ADVOCACY, EMPLOYEE, EVENTS, SUPPORT, SURVEYS } from './voice';

/**
 * Property names that hold what is personal in every type, described or not: they stand in the personal part of an event
 * and rules cannot read them. Free text belongs in `text`; these catch it where it comes as a property.
 */
export const PERSONAL_PROPERTIES: ReadonlySet<string> = new Set([
  ...['email', 'emailAddress', 'email_address', 'phone', 'phoneNumber', 'phone_number', 'mobile'],
  ...['firstName', 'first_name', 'lastName', 'last_name', 'fullName', 'full_name', 'customerName', 'customer_name'],
  ...['address', 'street', 'postalCode', 'postal_code', 'zip', 'birthDate', 'birth_date', 'dateOfBirth'],
  ...['ip', 'ipAddress', 'ip_address', 'iban', 'comment', 'message', 'body', 'subject', 'transcript', 'note'],
]);

/** How one property of one type is checked and where it stands. `spec` absent = kept as it comes. */
export interface PropertyRule {
  spec?: PropertySpec;
  personal: boolean;
}

/** An entry prepared for validation and encoding. */
export interface PreparedEntry extends CatalogueEntry {
  rules: ReadonlyMap<string, PropertyRule>;
  required: readonly string[];
}

export interface Catalogue {
  readonly meaningNames: readonly Meaning[];
  /** Always the same array for the same type; empty for an unknown one. */
  meanings(type: string): readonly Meaning[];
  entry(type: string): PreparedEntry | undefined;
  /** Every known type, sorted. */
  types(): readonly string[];
  /** True where the property stands in the personal part. Without a type: where it does so in every type. */
  isPersonal(property: string, type?: string): boolean;
}

const NO_MEANINGS: readonly Meaning[] = [];
const ANY_TYPE_RULES: ReadonlyMap<string, PropertyRule> = new Map(
  [...PERSONAL_PROPERTIES].map((name) => [name, { personal: true }]),
);

function prepared(entry: CatalogueEntry): PreparedEntry {
  const rules = new Map<string, PropertyRule>(ANY_TYPE_RULES);
  for (const [name, spec] of Object.entries(entry.properties)) {
    rules.set(name, { spec, personal: spec.personal ?? PERSONAL_PROPERTIES.has(name) });
  }
  const required = Object.keys(entry.properties).filter((name) => entry.properties[name]?.required);
  return { ...entry, rules, required };
}

const ENTRIES: ReadonlyMap<string, PreparedEntry> = new Map(
  [WEB, APP, STORE, PHONE, EMAIL, CHAT, SOCIAL, COMMUNITY, SURVEYS, SUPPORT, PURCHASE, OFFER, FULFILMENT, BILLING]
    .concat([ADVOCACY, EVENTS, EMPLOYEE, PROFILE, ACTION])
    .flat()
    .map((entry) => [entry.type, prepared(entry)]),
);
const TYPES: readonly string[] = [...ENTRIES.keys()].sort();

/** Rules for the properties of a type, known or not. */
export function propertyRules(entry: PreparedEntry | undefined): ReadonlyMap<string, PropertyRule> {
  return entry === undefined ? ANY_TYPE_RULES : entry.rules;
}

export const CATALOGUE: Catalogue = {
  meaningNames: MEANINGS,
  meanings: (type) => ENTRIES.get(type)?.meanings ?? NO_MEANINGS,
  entry: (type) => ENTRIES.get(type),
  types: () => TYPES,
  isPersonal: (property, type) =>
    propertyRules(type === undefined ? undefined : ENTRIES.get(type)).get(property)?.personal ?? false,
};
