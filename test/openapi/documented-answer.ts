/** Holds an answer of the server against its OpenAPI document: status, media type, schema. */
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import { OPENAPI } from '../../apps/server/src';

const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** `dateTime`: how moments are written; answers always with milliseconds in UTC. */
export function documentSchemas(dateTime = DATE_TIME): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    strictRequired: false,
    allowUnionTypes: true,
    discriminator: false,
  });
  ajv.addKeyword('components');
  ajv.addFormat('date-time', dateTime);
  ajv.addFormat('uri-reference', true);
  ajv.addSchema({ $id: 'openapi', components: OPENAPI.components });
  return ajv;
}

const ajv = documentSchemas();
const compiled = new Map<string, ValidateFunction>();

function validatorOf(schema: object): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = ajv.compile(JSON.parse(key.replaceAll('"#/components', '"openapi#/components')) as object);
  compiled.set(key, made);
  return made;
}

/** The path of the document that a URL belongs to. */
export function documentedPath(url: string): string | undefined {
  const path = url.split('?', 1)[0] ?? '';
  return Object.keys(OPENAPI.paths).find((template) =>
    new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
}

/** Every way in which the answer is not as documented; empty = it is. */
export function faultsOf(method: string, url: string, status: number, contentType: string, body: string): string[] {
  const template = documentedPath(url);
  const operation =
    template === undefined ? undefined : OPENAPI.paths[template]?.[method.toLowerCase() as 'get' | 'post'];
  if (operation === undefined)
    return status === 404 || status === 405 ? [] : [`${method} ${url} is not documented, but answered ${status}`];
  const response = operation.responses[String(status)];
  if (response === undefined) return [`${method} ${template} does not document ${status}: ${body.slice(0, 500)}`];
  const mediaType = contentType.split(';', 1)[0] ?? '';
  const content = response.content?.[mediaType];
  if (content === undefined) return [`${method} ${template} ${status} does not document "${mediaType}"`];
  if (!mediaType.endsWith('json')) return [];
  const validate = validatorOf(content.schema);
  if (validate(JSON.parse(body))) return [];
  return (validate.errors ?? []).map(
    (error) =>
      `${method} ${template} ${status} ${error.instancePath}: ${error.message ?? ''} ${JSON.stringify(error.params)}`,
  );
}
