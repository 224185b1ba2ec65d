/** Models whose writes can be cut off or held up, to see what a crash or a stopped process leaves. */
import type { Db } from 'mongodb';
import type { MongoConnection } from './connection';
import { Dump } from './dump';
import { Models } from './models';
import { PlayAnswers } from './play-answers';
import { PointReads } from './point-reads';
import { Reading } from './reading';

const WRITES: ReadonlySet<string | symbol> = new Set([
  'bulkWrite',
  'updateOne',
  'replaceOne',
  'deleteMany',
  'findOneAndUpdate',
]);

/** The process ends here. */
export class Cut extends Error {}

/** `before` is called with the name of the method before each write to a collection; what it throws is the end of the process. */
export function watchedModels(db: Db, generation: number, before: (method: string) => Promise<void> | void): Models {
  const watched = new Proxy(db, {
    get(target, name) {
      if (name !== 'collection') return Reflect.get(target, name) as unknown;
      return (collection: string) =>
        new Proxy(target.collection(collection), {
          get(inner, method) {
            const value = Reflect.get(inner, method) as unknown;
            if (typeof value !== 'function') return value;
            const call = value.bind(inner) as (...args: unknown[]) => unknown;
            if (!WRITES.has(method)) return call;
            return async (...args: unknown[]) => {
              await before(String(method));
              return call(...args);
            };
          },
        });
    },
  });
  return new Models(watched, generation);
}

export async function dumpOf(connection: MongoConnection, generation: number): Promise<string[]> {
  const models = new Models(connection.db, generation);
  const reading = new Reading(connection);
  const points = new PointReads(models, reading);
  const lines: string[] = [];
  for await (const line of new Dump(models, reading, points, new PlayAnswers(models, reading, points)).lines())
    lines.push(line);
  return lines;
}
