import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_DEFINITION_TEXT, parseDefinition } from '@rapport/journey';
import { DefinitionRefused } from '../rapport.types';
import { readDefinition } from './definition-document';

const WELCOME = `
name: welcome
why: who comes is greeted
owner: support
purpose: service
on: manual
steps: [ { give: thanks, by: log } ]
`;
const TEAMS = '- { name: support, hours: { weekdays: [mon], from: "09:00", until: "17:00" } }\n';

function playsOf(text: string): string[] {
  const parsed = parseDefinition(text, 'composed');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.definition.plays?.plays.map((one) => one.name) ?? [];
}

describe('the definition at start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-definition-'));
    mkdirSync(join(folder, 'plays'));
    writeFileSync(join(folder, 'plays', 'welcome.yaml'), WELCOME);
    writeFileSync(join(folder, 'teams.yaml'), TEAMS);
    writeFileSync(join(folder, 'definition.yaml'), DEFAULT_DEFINITION_TEXT);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is the default one, word for word, where nothing is given', () => {
    expect(readDefinition({ file: undefined, plays: undefined }).text).toBe(DEFAULT_DEFINITION_TEXT);
    expect(readDefinition({ file: undefined, plays: 'none' }).text).toBe(DEFAULT_DEFINITION_TEXT);
  });

  it('has the plays that come with Rapport where they are asked for', () => {
    const { text, source, warnings } = readDefinition({ file: undefined, plays: 'default' });
    expect(playsOf(text).length).toBeGreaterThan(5);
    expect(source).toContain('the default plays');
    expect(warnings).toEqual([]);
  });

  it('takes the plays of a folder, its own or another', () => {
    expect(playsOf(readDefinition({ file: folder, plays: undefined }).text)).toEqual(['welcome']);
    expect(playsOf(readDefinition({ file: undefined, plays: { folder } }).text)).toEqual(['welcome']);
    expect(playsOf(readDefinition({ file: folder, plays: 'none' }).text)).toEqual([]);
    expect(playsOf(readDefinition({ file: join(folder, 'definition.yaml'), plays: undefined }).text)).toEqual([]);
  });

  it('is refused with every fault of every file', () => {
    writeFileSync(
      join(folder, 'plays', 'lost.yaml'),
      WELCOME.replace('name: welcome', 'name: lost').replace('owner: support', 'owner: nobody'),
    );
    writeFileSync(
      join(folder, 'plays', 'other.yaml'),
      WELCOME.replace('name: welcome', 'name: other').replace('by: log', 'by: pigeon'),
    );
    const read = (): unknown => readDefinition({ file: folder, plays: undefined });
    expect(read).toThrow(DefinitionRefused);
    expect(read).toThrow(/plays\/lost\.yaml line 4/);
    expect(read).toThrow(/plays\/other\.yaml line 7/);
  });

  it('is refused where a template cannot be read, with its file and line', () => {
    mkdirSync(join(folder, 'templates'));
    const template = '---\nsubject: Hello {{ custmer.id }}\n---\n\nHello,\n{% sorry %}\n';
    writeFileSync(join(folder, 'templates', 'lost.liquid'), template);
    const read = (): unknown => readDefinition({ file: folder, plays: undefined });
    expect(read).toThrow(DefinitionRefused);
    expect(read).toThrow(
      /'custmer', which is never there \(templates\/lost\.liquid line 2\)\. Did you mean 'customer'/,
    );
    expect(read).toThrow(/tag "sorry" not found \(templates\/lost\.liquid line 6\)/);
  });
});
