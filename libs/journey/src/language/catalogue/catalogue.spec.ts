import { CATALOGUE, PERSONAL_PROPERTIES } from './catalogue';
import { isName } from '../touchpoint/text-rules';
import { TYPE_LENGTH_MAX } from '../touchpoint/touchpoint-limits';

const AREAS_OF_THE_ISSUE: readonly [string, string][] = [
  ['web', 'web.visited'],
  ['app', 'app.opened'],
  ['store', 'store.visited'],
  ['phone', 'phone.call.received'],
  ['e-mail', 'email.clicked'],
  ['chat', 'chat.started'],
  ['social', 'social.praise.posted'],
  ['community', 'community.answer.given'],
  ['survey', 'survey.answered'],
  ['support', 'support.ticket.opened'],
  ['fulfilment', 'shipment.delivered'],
  ['billing', 'invoice.paid'],
  ['referral', 'referral.accepted'],
  ['review', 'review.posted'],
  ['reference', 'reference.given'],
  ['event', 'event.attended'],
  ['employee', 'employee.met'],
  ['profile', 'profile.updated'],
  ['consent', 'consent.withdrawn'],
];

describe('CATALOGUE', () => {
  it.each(AREAS_OF_THE_ISSUE)('covers %s touchpoints', (_, type) => {
    expect(CATALOGUE.entry(type)).toMatchObject({ type });
  });

  it('has well-formed entries, none twice', () => {
    const types = CATALOGUE.types();
    expect(new Set(types).size).toBe(types.length);
    for (const type of types) {
      const entry = CATALOGUE.entry(type);
      expect([type, isName(type) && type.includes('.') && type.length <= TYPE_LENGTH_MAX]).toEqual([type, true]);
      expect([type, isName(entry?.channel ?? '')]).toEqual([type, true]);
      expect(entry?.title).toMatch(/^[A-Z][^.]+$/);
      for (const meaning of entry?.meanings ?? []) expect(CATALOGUE.meaningNames).toContain(meaning);
    }
  });

  it('knows a type for every meaning', () => {
    const used = new Set(CATALOGUE.types().flatMap((type) => CATALOGUE.meanings(type)));
    expect([...used].sort()).toEqual([...CATALOGUE.meaningNames].sort());
  });

  it('gives the same array for the same type, and an empty one for an unknown type', () => {
    expect(CATALOGUE.meanings('purchase.completed')).toBe(CATALOGUE.meanings('purchase.completed'));
    expect(CATALOGUE.meanings('garden.gate.opened')).toEqual([]);
    expect(CATALOGUE.meanings('garden.gate.opened')).toBe(CATALOGUE.meanings('no.such.type'));
    expect(CATALOGUE.meanings('__proto__')).toEqual([]);
    expect(CATALOGUE.entry('constructor')).toBeUndefined();
  });

  it('counts exactly the deeds that the default definition names as advocacy', () => {
    const deeds = CATALOGUE.types().filter((type) => CATALOGUE.meanings(type).includes('advocacy'));
    expect(deeds).toEqual([
      'community.answer.given',
      'community.praise.posted',
      'employee.recommended',
      'event.spoken',
      'reference.given',
      'referral.accepted',
      'review.posted',
      'social.praise.posted',
      'story.published',
      'testimonial.published',
    ]);
  });

  it('never counts what the brand sends as an answer or a deed of the customer', () => {
    for (const type of CATALOGUE.types().filter((one) => CATALOGUE.entry(one)?.direction === 'outbound')) {
      for (const meaning of CATALOGUE.meanings(type)) expect(['ask', 'gift', 'resolution']).toContain(meaning);
    }
  });

  it('keeps personal traits apart, and the usual personal names in every type', () => {
    for (const trait of ['name', 'email', 'phone', 'company']) {
      expect([trait, CATALOGUE.isPersonal(trait, 'profile.updated')]).toEqual([trait, true]);
    }
    for (const trait of ['kind', 'locale', 'timeZone', 'tags']) {
      expect([trait, CATALOGUE.isPersonal(trait, 'profile.updated')]).toEqual([trait, false]);
    }
    for (const name of PERSONAL_PROPERTIES) {
      expect([name, CATALOGUE.isPersonal(name)]).toEqual([name, true]);
      expect([name, CATALOGUE.isPersonal(name, 'garden.gate.opened')]).toEqual([name, true]);
      expect([name, CATALOGUE.isPersonal(name, 'purchase.completed')]).toEqual([name, true]);
    }
    expect(CATALOGUE.isPersonal('value', 'purchase.completed')).toBe(false);
  });
});
