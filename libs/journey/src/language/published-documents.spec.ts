/**
 * The documents that users read are made from the code, and stay equal to it. UPDATE_DOCS=1 writes them anew after a
 * change (then `npm run format`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { composeDocument } from '../plays/language/compose-document';
import { DEFAULT_GUARDS } from '../plays/language/guards-parser';
import { CATALOGUE } from './catalogue/catalogue';
import type { PropertySpec } from './catalogue/catalogue-entry';
import { DEFAULT_DEFINITION_TEXT } from './definition/default-definition';
import { definitionJsonSchema } from './definition/definition-schema';
import { parseDefinition } from './definition/parse-definition';
import { validateTouchpoint } from './touchpoint/touchpoint-validation';

const docs = (name: string): string => join(__dirname, '../../../../docs', name);
const CATALOGUE_MARK = '<!-- catalogue -->\n';

function published(name: string, wanted: (present: string) => string): { present: string; wanted: string } {
  const update = process.env['UPDATE_DOCS'] === '1';
  const before = update && !name.endsWith('.md') ? '' : readFileSync(docs(name), 'utf8');
  if (update) writeFileSync(docs(name), wanted(before));
  const present = readFileSync(docs(name), 'utf8');
  return { present, wanted: wanted(present) };
}

function propertyWords([name, spec]: [string, PropertySpec]): string {
  const bounds = spec.min === undefined ? '' : ` ${spec.min} to ${spec.max}`;
  const kind = spec.oneOf === undefined ? `${spec.type}${bounds}` : spec.oneOf.join(' / ');
  return `\`${name}\`${spec.required ? '*' : ''} ${kind}${spec.personal ? ', personal' : ''}`;
}

function catalogueTable(): string {
  const rows = CATALOGUE.types().map((type) => {
    const entry = CATALOGUE.entry(type);
    if (entry === undefined) throw new Error(`no entry for ${type}`);
    const properties = Object.entries(entry.properties).map(propertyWords).join('; ');
    return `| \`${type}\` | ${entry.title} | ${entry.meanings.join(', ')} | ${entry.direction} | ${entry.channel} | ${properties} |`;
  });
  const head = '| type | in words | meanings | direction | channel | properties |\n|---|---|---|---|---|---|';
  return `\n${head}\n${rows.join('\n')}\n`;
}

describe('the published documents', () => {
  it('docs/default-definition.yaml is the default definition', () => {
    const { present, wanted } = published('default-definition.yaml', () => DEFAULT_DEFINITION_TEXT);
    expect(present).toBe(wanted);
  });

  it('docs/definition.schema.json is the schema', () => {
    const { present, wanted } = published('definition.schema.json', () =>
      JSON.stringify(definitionJsonSchema, null, 2),
    );
    expect(JSON.parse(present)).toEqual(JSON.parse(wanted));
  });

  it('docs/touchpoints.md lists the whole catalogue', () => {
    const { present, wanted } = published('touchpoints.md', (text) => {
      const [before = ''] = text.split(CATALOGUE_MARK);
      return before + CATALOGUE_MARK + catalogueTable();
    });
    expect(present).toBe(wanted);
  });

  it('the examples in docs/definition.md are good definitions', () => {
    const examples = [...readFileSync(docs('definition.md'), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(
      (found) => found[1] ?? '',
    );
    expect(examples.length).toBeGreaterThan(3);
    for (const example of examples) expect(parseDefinition(example, 'example')).toMatchObject({ ok: true });
  });

  it('the conditions in docs/definition.md are good rules', () => {
    const found = [...readFileSync(docs('definition.md'), 'utf8').matchAll(/^\| `(\{.*?\})` \|/gm)].map(
      ([, rule]) => rule ?? '',
    );
    const rules = found.filter((rule) => !/^\{ (equals|oneOf|atLeast|exists)/.test(rule));
    expect(rules.length).toBe(8);
    for (const rule of rules) {
      const text = `stages: [ { name: a }, { name: b, enter: ${rule} } ]`;
      expect(parseDefinition(text, rule)).toMatchObject({ ok: true });
    }
  });

  it('the examples in docs/plays.md are a good document, and say what holds where nothing is written', () => {
    const blocks = [...readFileSync(docs('plays.md'), 'utf8').matchAll(/```yaml\n(.*?)```/gs)].map(
      ([, yaml]) => yaml ?? '',
    );
    const [play = '', guards = ''] = blocks;
    const definition = `stages: [ { name: lead }, { name: loyal, enter: { count: purchase, atLeast: 3 } } ]\n${guards}`;
    const files = [
      { name: 'plays/example.yaml', text: play },
      { name: 'teams.yaml', text: '- name: community\n- name: head-of-sales\n' },
      ...['thanks-for-the-deed', 'help-a-peer'].map((name) => ({
        name: `templates/${name}.liquid`,
        text: '---\nsubject: x\n---\nx\n',
      })),
    ];
    const composed = composeDocument({ name: 'definition.yaml', text: definition }, files);
    expect(composed).toMatchObject({ ok: true, warnings: [] });
    const parsed = parseDefinition(composed.ok ? composed.document : '', 'composed');
    expect(parsed.ok && parsed.definition.plays?.guards).toEqual(DEFAULT_GUARDS);
  });

  it('the example in docs/touchpoints.md is a good touchpoint', () => {
    const example = /```json\n(.*?)```/s.exec(readFileSync(docs('touchpoints.md'), 'utf8'))?.[1] ?? '';
    expect(validateTouchpoint(JSON.parse(example), Date.parse('2026-06-01T00:00:00Z'))).toMatchObject({ ok: true });
  });
});
