import { answer } from './answer';
import type { AskedStore } from './asked-store';
import type { DecisionsParams } from '../plays.types';
import { openPlayStore } from './play-store.fixture';

interface Item {
  id: string;
  position: number;
  type: string;
  customerId: string;
  recordedAt: string;
  sentence: string;
  play?: string;
}

let store: AskedStore;
beforeAll(() => (store = openPlayStore()));
afterAll(() => store.close());

function page(params: Partial<DecisionsParams>): { items: Item[]; nextCursor?: string } {
  const told = answer({ name: 'decisions', params: { limit: 100, ...params } }, store.sources);
  expect(told.found).toBe(true);
  return JSON.parse(told.json) as { items: Item[]; nextCursor?: string };
}

function everyPage(params: Partial<DecisionsParams>): Item[] {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const one = page({ ...params, ...(cursor !== undefined && { cursor }) });
    items.push(...one.items);
    cursor = one.nextCursor;
  } while (cursor !== undefined);
  return items;
}

const positions = (items: Item[]): number[] => items.map(({ position }) => position);

describe('the list of decisions', () => {
  it('tells every decision, newest first, with a sentence', () => {
    const { items, nextCursor } = page({});
    expect(nextCursor).toBeUndefined();
    expect(positions(items)).toEqual([...positions(items)].sort((a, b) => b - a));
    const types = new Set(items.map(({ type }) => type));
    for (const type of ['StageChanged', 'PlayEntered', 'ActionRequested']) expect(types).toContain(type);
    for (const { sentence, recordedAt } of items) {
      expect(sentence).not.toBe('');
      expect(recordedAt).toMatch(/^\d{4}-.*Z$/);
    }
  });

  it('is the same whatever the size of its pages, in either direction', () => {
    const all = positions(page({}).items);
    for (const limit of [1, 2, 3, 7]) {
      expect(positions(everyPage({ limit }))).toEqual(all);
      expect(positions(everyPage({ limit, after: 0 }))).toEqual([...all].reverse());
    }
  });

  it('goes on after a position', () => {
    const all = positions(page({}).items).reverse();
    expect(positions(page({ after: all[1]! }).items)).toEqual(all.slice(2));
    expect(page({ after: all.at(-1)! }).items).toEqual([]);
  });

  it('holds what fits every filter', () => {
    const all = page({}).items;
    const picks: [Partial<DecisionsParams>, (item: Item) => boolean][] = [
      [{ type: ['PlayEntered', 'StageChanged'] }, ({ type }) => ['PlayEntered', 'StageChanged'].includes(type)],
      [{ customerId: 'ben' }, ({ customerId }) => customerId === 'ben'],
      [{ play: ['thanks'] }, ({ play }) => play === 'thanks'],
      [
        { play: ['thanks'], customerId: 'cleo', type: ['PlayEntered'] },
        (item) => item.type === 'PlayEntered' && item.customerId === 'cleo' && item.play === 'thanks',
      ],
    ];
    for (const [params, fits] of picks) {
      expect(all.filter(fits)).not.toEqual([]);
      expect(everyPage({ ...params, limit: 1 })).toEqual(all.filter(fits));
    }
  });

  it('knows nothing of whom nobody knows, and takes no cursor of another list', () => {
    expect(answer({ name: 'decisions', params: { customerId: 'nobody', limit: 9 } }, store.sources).found).toBe(false);
    const { nextCursor } = page({ limit: 1 });
    expect(() => page({ limit: 1, type: ['PlayEntered'], cursor: nextCursor! })).toThrow('cursor');
  });
});
