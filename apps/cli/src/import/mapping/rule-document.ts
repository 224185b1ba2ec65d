/** The rules of a mapping: conditions on a row, and the touchpoint (or the reason to skip) that follows. */
import { CATALOGUE, closestWord } from '@rapport/journey';
import type { DocumentReader, Members } from './document-reader';
import { MAPPED_FIELDS, type RowCondition, type RowRule, type TouchpointFields } from './mapping.types';
import { readColumn, readValue } from './value-document';

const TOUCHPOINT_MEMBERS = [...MAPPED_FIELDS, 'occurredAt', 'properties', 'propertiesFrom'] as const;
const RULE_MEMBERS = ['when', 'skip', 'touchpoint'] as const;
const CONDITION_MEMBERS = ['column', 'equals', 'oneOf', 'not', 'atLeast', 'atMost', 'empty'] as const;
const NOTHING: TouchpointFields = { fields: {}, properties: {} };

export function readRules(reader: DocumentReader, document: Members, zone: string | undefined): RowRule[] {
  const shared =
    document['touchpoint'] === undefined
      ? NOTHING
      : readTouchpoint(reader, '/touchpoint', document['touchpoint'], zone);
  if (document['rules'] === undefined) {
    checkComplete(reader, '/touchpoint', shared);
    return [{ when: [], touchpoint: shared }];
  }
  const rules = reader.list('/rules', document['rules']);
  if (rules.length === 0) reader.fault('/rules', 'is empty', 'Write at least one rule, or leave `rules` out');
  return rules.map((rule, i) => readRule(reader, `/rules/${i}`, rule, shared, zone));
}

function readRule(
  reader: DocumentReader,
  path: string,
  value: unknown,
  shared: TouchpointFields,
  zone: string | undefined,
): RowRule {
  const members = reader.members(path, value, RULE_MEMBERS) ?? {};
  const when = readConditions(reader, `${path}/when`, members['when']);
  if (members['skip'] !== undefined) {
    if (members['touchpoint'] !== undefined)
      reader.fault(path, 'both skips and makes a touchpoint', 'Keep one of the two');
    return { when, skip: reader.text(`${path}/skip`, members['skip']) ?? '', touchpoint: NOTHING };
  }
  const own =
    members['touchpoint'] === undefined
      ? NOTHING
      : readTouchpoint(reader, `${path}/touchpoint`, members['touchpoint'], zone);
  const touchpoint: TouchpointFields = {
    ...shared,
    ...own,
    fields: { ...shared.fields, ...own.fields },
    properties: { ...shared.properties, ...own.properties },
  };
  checkComplete(reader, `${path}/touchpoint`, touchpoint);
  return { when, touchpoint };
}

function readTouchpoint(
  reader: DocumentReader,
  path: string,
  value: unknown,
  zone: string | undefined,
): TouchpointFields {
  const members = reader.members(path, value, TOUCHPOINT_MEMBERS) ?? {};
  const read: TouchpointFields = { fields: {}, properties: {} };
  for (const field of MAPPED_FIELDS) {
    if (members[field] === undefined) continue;
    const source = readValue(reader, `${path}/${field}`, members[field], zone);
    if (source !== undefined) read.fields[field] = source;
  }
  if (members['occurredAt'] !== undefined) {
    const moment = reader.members(`${path}/occurredAt`, members['occurredAt']);
    read.occurredAt = moment && readColumn(reader, `${path}/occurredAt`, moment, 'date', zone);
  }
  const properties =
    members['properties'] === undefined ? {} : reader.members(`${path}/properties`, members['properties']);
  for (const [name, property] of Object.entries(properties ?? {})) {
    const source = readValue(reader, `${path}/properties/${name}`, property, zone);
    if (source !== undefined) read.properties[name] = source;
  }
  const from = reader.optionalText(`${path}/propertiesFrom`, members['propertiesFrom']);
  return from === undefined ? read : { ...read, propertiesFrom: from };
}

/** A touchpoint needs a customer, a type and a moment. A type that is nearly a known one is taken for a slip. */
function checkComplete(reader: DocumentReader, path: string, { fields, occurredAt }: TouchpointFields): void {
  if (fields.customerId === undefined) {
    reader.fault(`${path}/customerId`, 'is missing', "Write for example customerId: '{customer_id}'");
  }
  if (fields.type === undefined) {
    reader.fault(`${path}/type`, 'is missing', 'Write for example type: purchase.completed');
  }
  if (occurredAt === undefined) {
    const example = 'occurredAt: { column: time, format: iso }';
    reader.fault(`${path}/occurredAt`, 'is missing', `Write for example ${example}`);
  }
  const type = fields.type;
  if (type?.from !== 'constant' || typeof type.value !== 'string' || CATALOGUE.entry(type.value) !== undefined) return;
  const near = closestWord(type.value, CATALOGUE.types());
  if (near === undefined) return;
  const mend = `Did you mean "${near}"? A type of your own needs a name that is not nearly a known one`;
  reader.fault(`${path}/type`, `"${type.value}" is in no catalogue`, mend);
}

function readConditions(reader: DocumentReader, path: string, value: unknown): RowCondition[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return readCondition(reader, path, value);
  return value.flatMap((condition, i) => readCondition(reader, `${path}/${i}`, condition));
}

function readCondition(reader: DocumentReader, path: string, value: unknown): RowCondition[] {
  const members = reader.members(path, value, CONDITION_MEMBERS) ?? {};
  const column = reader.text(`${path}/column`, members['column']);
  const tests = CONDITION_MEMBERS.filter((name) => name !== 'column' && members[name] !== undefined);
  if (tests.length === 0) reader.fault(path, 'tests nothing', 'Add equals, oneOf, not, atLeast, atMost or empty');
  if (column === undefined) return [];
  const equals = [...one(members['equals']), ...many(reader, `${path}/oneOf`, members['oneOf'])];
  const not = Array.isArray(members['not']) ? many(reader, `${path}/not`, members['not']) : one(members['not']);
  const atLeast = reader.number(`${path}/atLeast`, members['atLeast']);
  const atMost = reader.number(`${path}/atMost`, members['atMost']);
  return [
    {
      column,
      ...(equals.length > 0 ? { oneOf: equals } : {}),
      ...(not.length > 0 ? { not } : {}),
      ...(atLeast === undefined ? {} : { atLeast }),
      ...(atMost === undefined ? {} : { atMost }),
      ...(members['empty'] === undefined ? {} : { empty: reader.flag(`${path}/empty`, members['empty']) }),
    },
  ];
}

/** Cells are compared as texts, so `equals: 5` and `equals: '5'` are the same. */
function one(value: unknown): string[] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : [];
}

function many(reader: DocumentReader, path: string, value: unknown): string[] {
  return reader.list(path, value).flatMap(one);
}
