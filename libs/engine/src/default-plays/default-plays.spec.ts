import { EVENT_BYTES_MAX } from '@rapport/event-store';
import {
  allSteps,
  composeDocument,
  DEFAULT_DEFINITION_TEXT,
  DEFAULT_GUARDS,
  parseDefinition,
  PLAYS_TEXT_LENGTH_MAX,
  type ActStep,
  type Definition,
  type PlaysPart,
} from '@rapport/journey';
import { defaultPlayFiles } from './load';

const files = defaultPlayFiles();
const composed = composeDocument({ name: 'default-definition.yaml', text: DEFAULT_DEFINITION_TEXT }, files);
const document = composed.ok ? composed.document : '';

function definition(): Definition & { plays: PlaysPart } {
  const parsed = parseDefinition(document, 'composed');
  if (!parsed.ok || parsed.definition.plays === undefined) throw new Error(JSON.stringify(parsed));
  return { ...parsed.definition, plays: parsed.definition.plays };
}

const acts = (part: PlaysPart): ActStep[] =>
  part.plays.flatMap(({ steps }) => allSteps(steps).filter((step) => step.step === 'act'));

describe('the default plays', () => {
  it('go with the default definition, without a fault or a warning', () => {
    expect(composed).toMatchObject({ ok: true, warnings: [] });
    const before = parseDefinition(DEFAULT_DEFINITION_TEXT, 'default');
    const { plays, ...stages } = definition();
    expect(plays.plays.length).toBe(files.filter(({ name }) => name.startsWith('plays/')).length);
    expect(before.ok && before.definition).toEqual(stages);
  });

  it('do something at every stage', () => {
    const names = definition().plays.plays.map(({ name }) => name);
    expect(names).toEqual([
      ...['advocate-ask', 'community-invitation', 'complaint', 'demo-asked', 'detractor', 'fall-from-loyal'],
      ...[
        'first-purchase-survey',
        'late-order',
        'late-parcel',
        'onboarding-check',
        'preference-question',
        'price-asked',
      ],
      ...['product-discontinued', 'share-kit', 'silence', 'story-invitation', 'thanks-for-loyalty'],
      ...['thanks-for-the-deed', 'thanks-to-a-colleague', 'welcome'],
    ]);
  });

  it('are each a file of its own name that begins with its reason', () => {
    for (const { name, text } of files.filter((file) => file.name.startsWith('plays/'))) {
      const play = /^plays\/(.*)\.yaml$/.exec(name)?.[1];
      expect(text).toMatch(/^# .{20,}\n/);
      expect(text).toContain(`\nname: ${play}\nwhy: `);
    }
  });

  it('use every template and every team', () => {
    const { plays } = definition();
    const used = new Set(acts(plays).map(({ template }) => template));
    expect(plays.templates.map(({ name }) => name).filter((name) => !used.has(name))).toEqual([]);
    const teams = new Set([
      ...plays.plays.map(({ owner }) => owner),
      ...acts(plays).flatMap(({ team, escalateTo }) => [team, escalateTo]),
    ]);
    expect(plays.teams.map(({ name }) => name).filter((name) => !teams.has(name))).toEqual([]);
  });

  it('let who is written to for the relationship leave, and give every task an end', () => {
    const { plays } = definition();
    for (const play of plays.plays) {
      for (const step of allSteps(play.steps)) {
        if (step.step !== 'act') continue;
        const template = plays.templates.find(({ name }) => name === step.template);
        if (step.by === 'email' && play.purpose !== 'service') {
          expect([step.template, template?.text]).toEqual([
            step.template,
            expect.stringContaining('links.unsubscribe'),
          ]);
        }
        if (step.by === 'survey') expect(template?.text).toContain('links.answer');
        if (step.by === 'task') expect([play.name, step.sla]).toEqual([play.name, expect.any(Number)]);
      }
    }
  });

  it('come with the guards that hold where none are written', () => {
    expect(definition().plays.guards).toEqual(DEFAULT_GUARDS);
  });

  it('leave room in a document, and every document fits into one event', () => {
    expect(document.length).toBeLessThan(PLAYS_TEXT_LENGTH_MAX / 4);
    // The worst that JSON makes of a character: an escape of six bytes.
    const event = JSON.stringify({ name: 'x'.repeat(64), version: 1e15, document: '', semantics: 1e6 }).length;
    expect(PLAYS_TEXT_LENGTH_MAX * 6 + event).toBeLessThan(EVENT_BYTES_MAX);
  });
});
