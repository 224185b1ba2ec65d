/** How the paths are written: operations with their tag, bodies by the name of their schema. */
import type { Operation, PathItem } from './openapi.types';
import { json } from './responses';

type Draft = Omit<Operation, 'tags'>;

export const tagged = (
  tag: string,
  paths: { [path: string]: { get?: Draft; post?: Draft } },
): { [path: string]: PathItem } =>
  Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(Object.entries(item).map(([method, draft]) => [method, { tags: [tag], ...draft }])),
    ]),
  );

export const body = (schema: string, required: boolean): Operation['requestBody'] => ({
  required,
  content: json(schema) ?? {},
});
