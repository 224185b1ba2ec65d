/** The little of OpenAPI 3.1 that this document uses. */
export type Schema = { readonly [keyword: string]: unknown };

export interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header';
  description: string;
  required?: boolean;
  schema: Schema;
  style?: string;
  explode?: boolean;
}

export interface Content {
  [mediaType: string]: { schema: Schema; examples?: { [name: string]: { value: unknown } } };
}

export interface Response {
  description: string;
  headers?: { [name: string]: { description: string; schema: Schema } };
  content?: Content;
}

export interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { description?: string; required: boolean; content: Content };
  responses: { [status: string]: Response };
}

export interface PathItem {
  get?: Operation;
  post?: Operation;
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string; license: { name: string; identifier: string } };
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  paths: { [path: string]: PathItem };
  components: { schemas: { [name: string]: Schema } };
}
