import fc from 'fast-check';
import { parseDefinition } from '../../language/definition/parse-definition';
import type { PlayFile } from '../play-core.types';
import { composeDocument } from './compose-document';
import { EXAMPLE_PLAY, playWith } from './plays.fixture';

const STAGES = 'stages:\n  - name: lead\n  - { name: loyal, enter: { count: purchase, atLeast: 3 } }\n';
const main = (text = ''): PlayFile => ({ name: 'definition.yaml', text: STAGES + text });
const files: PlayFile[] = [
  { name: 'plays/after-the-deed.yaml', text: EXAMPLE_PLAY },
  { name: 'plays/test.yaml', text: playWith({}) },
  { name: 'teams.yaml', text: '- name: community\n- name: sales\n- name: head-of-sales\n' },
  { name: 'guards.yaml', text: 'asks: { cooldown: 20d }\n' },
  {
    name: 'templates/thanks-for-the-deed.liquid',
    text: '---\nsubject: Thank you\n---\nThank you,\n{{ customer.id }}.\n',
  },
  { name: 'templates/help-a-peer.liquid', text: '---\nsubject: Help\nhtml: |\n  <p>Help!</p>\n---\n\nHelp!\n' },
];
const composed = (definition: PlayFile, list = files): string => {
  const result = composeDocument(definition, list);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.document;
};
const faults = (definition: PlayFile, list: PlayFile[]): string[] => {
  const result = composeDocument(definition, list);
  return result.ok ? [] : result.faults.map(({ path, problem, mend }) => `${path}: ${problem}. ${mend}`);
};
const replaced = (name: string, text: string): PlayFile[] =>
  files.map((file) => (file.name === name ? { name, text } : file));

describe('composeDocument', () => {
  it('puts files together to a document that says the same', () => {
    const parsed = parseDefinition(composed(main()), 'composed');
    const part = parsed.ok ? parsed.definition.plays : undefined;
    expect(part?.plays.map(({ name }) => name)).toEqual(['after-the-deed', 'test']);
    expect(part?.teams.map(({ name }) => name)).toEqual(['community', 'sales', 'head-of-sales']);
    expect(part?.guards.asks.cooldown).toBe(20 * 86_400_000);
    expect(part?.templates).toEqual([
      { name: 'help-a-peer', subject: 'Help', html: '<p>Help!</p>\n', text: 'Help!\n' },
      { name: 'thanks-for-the-deed', subject: 'Thank you', text: 'Thank you,\n{{ customer.id }}.\n' },
    ]);
  });

  it('gives the same text whatever the order of the files and their line ends', () => {
    const text = composed(main());
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
        const windows = shuffled.map(({ name, text: own }) => ({ name, text: own.replaceAll('\n', '\r\n') }));
        expect(composed(main(), windows)).toBe(text);
      }),
      { numRuns: 20 },
    );
  });

  it('lets the definition go before files', () => {
    const own = [
      'guards: { asks: { cooldown: 9d } }',
      'teams: [ { name: sales, claimFor: 1h } ]',
      'plays: [ { name: test, why: mine, owner: sales, purpose: service, on: manual, steps: [ { wait: 1d } ] } ]',
    ].join('\n');
    const parsed = parseDefinition(composed(main(own)), 'composed');
    const part = parsed.ok ? parsed.definition.plays : undefined;
    expect(part?.plays.map(({ name, why }) => [name, why])).toEqual([
      ['test', 'mine'],
      ['after-the-deed', 'a deed deserves thanks before anything else is asked'],
    ]);
    expect(part?.teams.map(({ name, claimFor }) => [name, claimFor])).toEqual([
      ['sales', 3_600_000],
      ['community', 14_400_000],
      ['head-of-sales', 14_400_000],
    ]);
    expect(part?.guards.asks.cooldown).toBe(9 * 86_400_000);
  });

  it('leaves a definition without files as it was written', () => {
    expect(composeDocument(main('# a comment\n'), [])).toEqual({
      ...{ ok: true, document: `${STAGES}# a comment\n`, warnings: [], lineOf: expect.any(Function) as unknown },
    });
  });

  it('names file and line of every fault', () => {
    const list = replaced(
      'plays/test.yaml',
      '\n\nname: test\nwhy: x\nowner: slaes\npurpose: service\non: manual\nsteps:\n  - giv: x\n',
    )
      .filter(({ name }) => name !== 'guards.yaml')
      .concat({ name: 'guards.yaml', text: '# why\nasks:\n  cooldwn: 3d\n' });
    expect(faults(main('zone: UTC\n'), list)).toEqual([
      expect.stringContaining('/zone: the document has no key "zone" (definition.yaml line 4)'),
      expect.stringContaining('/plays/1/steps/0: is no step: giv (plays/test.yaml line 9). Did you mean "give"?'),
      expect.stringContaining('/guards/asks/cooldwn: asks has no key "cooldwn" (guards.yaml line 3)'),
      expect.stringContaining('/plays/1/owner: "slaes" is no team of this document (plays/test.yaml line 5)'),
    ]);
    const empty = replaced('templates/help-a-peer.liquid', '---\nsubject: Help\nhtlm: x\n---\n');
    expect(faults(main(), empty)).toEqual([
      expect.stringContaining('/templates/0/htlm: a template has no key "htlm" (templates/help-a-peer.liquid line 3)'),
      expect.stringContaining('/templates/0/text: must be a text, but is empty (templates/help-a-peer.liquid line 5)'),
    ]);
    const twice = [...files, { name: 'plays/test-2.yaml', text: playWith({}) }];
    expect(faults(main(), twice).join()).toMatch(
      /"test" is the name of an earlier play too \(plays\/test\.yaml line 1\)/,
    );
  });

  it.each([
    ['a broken file', [{ name: 'plays/x.yaml', text: 'a: [' }], 'plays/x.yaml line 1'],
    [
      'a file that is none of them',
      [{ name: 'play/x.yaml', text: '' }],
      'play/x.yaml is no file of plays. Name it plays/',
    ],
    [
      'an open front matter',
      [{ name: 'templates/x.liquid', text: '---\nsubject: x\n' }],
      'the front matter has no end',
    ],
    [
      'a text in the front matter',
      [{ name: 'templates/x.liquid', text: '---\ntext: x\n---\ny' }],
      'without "name" and "text"',
    ],
    [
      'an empty play',
      [{ name: 'plays/x.yaml', text: '' }],
      '/plays/0: a play must be an object, but is null (plays/x.yaml',
    ],
    ['teams as an object', [{ name: 'teams.yaml', text: 'a: b' }], '/teams: the list of teams must be a list'],
  ])('refuses %s', (_, list, fault) => {
    expect(faults(main(), list).join('\n')).toContain(fault);
  });

  it('keeps every text of a template, whatever its characters', () => {
    const anyText = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => text.trim() !== '' && !text.includes('\0'));
    fc.assert(
      fc.property(anyText, (text) => {
        const list = [{ name: 'templates/x.liquid', text: `---\nsubject: x\n---\n${text}` }];
        const result = composeDocument(main(), list);
        if (!result.ok) return;
        const parsed = parseDefinition(result.document, 'x');
        const plain = text.replaceAll('\r\n', '\n').replace(/^\n+/, '');
        expect(parsed.ok && parsed.definition.plays?.templates[0]?.text).toBe(plain);
      }),
      { numRuns: 500 },
    );
  });
});
