/** Which methods each documented path takes: tells 404 from 405. */
import { OPENAPI } from '../openapi/document';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface KnownRoute {
  pattern: RegExp;
  allow: string;
}

const ROUTES: KnownRoute[] = Object.entries(OPENAPI.paths).map(([path, item]) => ({
  pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
  allow: METHODS.filter((method) => method in item)
    .map((method) => method.toUpperCase())
    .join(', '),
}));

/** The Allow header of a path; undefined where there is no such path. */
export function allowedMethods(url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  return ROUTES.find((route) => route.pattern.test(path))?.allow;
}
