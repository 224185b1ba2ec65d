import type { FastifyInstance } from 'fastify';
import type { Operation } from '../../apps/server/src/openapi/openapi.types';
import { OPENAPI, readConfiguration } from '../../apps/server/src';
import { makeApplication } from '../../apps/server/src/http/application';
import {
  CustomersParameters,
  DecisionsParameters,
  EngagementChangesParameters,
  ListParameters,
  ReportParameters,
  StandingParameters,
  StageChangesParameters,
} from '../../apps/server/src/queries/list-parameters';
import {
  ActionsParameters,
  CustomerEnrolmentsParameters,
  EnrolmentsParameters,
  PreviewParameters,
  TasksParameters,
  WhyNotParameters,
} from '../../apps/server/src/plays/play-parameters';
import {
  DecisionStreamParameters,
  EngagementStreamParameters,
  StageStreamParameters,
} from '../../apps/server/src/stream/stream-parameters';
import { getMetadataStorage } from 'class-validator';
import { FakeEngine } from '../http/fake-engine';
import { documentSchemas } from './documented-answer';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const operations = Object.entries(OPENAPI.paths).flatMap(([path, item]) =>
  Object.entries(item as { [method: string]: Operation }).map(([method, operation]) => ({ path, method, operation })),
);

describe('the OpenAPI document', () => {
  it('has schemas that compile as JSON Schema 2020-12, strictly', () => {
    const ajv = documentSchemas();
    for (const name of Object.keys(OPENAPI.components.schemas)) {
      expect(() => ajv.compile({ $ref: `openapi#/components/schemas/${name}` })).not.toThrow();
    }
  });

  it('refers only to schemas that it has, and has none that nothing refers to', () => {
    const text = JSON.stringify(OPENAPI);
    const used = new Set([...text.matchAll(/"#\/components\/schemas\/([A-Za-z]+)"/g)].map((match) => match[1] ?? ''));
    expect([...used].sort()).toEqual(Object.keys(OPENAPI.components.schemas).sort());
  });

  it('names each operation once, and each path parameter', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
      expect(
        operation.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? [],
      ).toEqual(inPath);
    }
  });

  it('has examples that are valid', () => {
    const ajv = documentSchemas(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    for (const [name, schema] of Object.entries(OPENAPI.components.schemas)) {
      for (const example of (schema['examples'] as unknown[] | undefined) ?? []) {
        expect(ajv.validate({ $ref: `openapi#/components/schemas/${name}` }, example)).toBe(true);
      }
    }
  });
});

describe('the routes', () => {
  let fastify: FastifyInstance;
  let close: () => Promise<void>;
  beforeAll(async () => {
    const application = await makeApplication(
      new FakeEngine(),
      readConfiguration({}, {}, () => undefined),
      () => undefined,
    );
    fastify = application.fastify;
    close = () => application.close();
  });
  afterAll(() => close());

  it('are those of the document, no more and no fewer', () => {
    for (const { path, method } of operations) {
      expect([
        path,
        fastify.hasRoute({ method: method.toUpperCase(), url: path.replace(/\{([^}]+)\}/g, ':$1') }),
      ]).toEqual([path, true]);
    }
    const served =
      fastify.printRoutes({ commonPrefix: false }).match(/\((?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)[^)]*\)/g) ?? [];
    const count = served.flatMap((methods) => methods.split(',')).length;
    const undocumentedFiles = 1;
    expect(count).toBe(operations.length + undocumentedFiles);
    expect(METHODS.every((method) => !fastify.hasRoute({ method: method.toUpperCase(), url: '/' }))).toBe(true);
  });

  it.each([
    ['/v1/customers', CustomersParameters],
    ['/v1/customers/{customerId}/timeline', ListParameters],
    ['/v1/stage-changes', StageChangesParameters],
    ['/v1/engagement-changes', EngagementChangesParameters],
    ['/v1/decisions', DecisionsParameters],
    ['/v1/stages/report', ReportParameters],
    ['/v1/stages/standing', StandingParameters],
    ['/v1/parked', ListParameters],
    ['/v1/enrolments', EnrolmentsParameters],
    ['/v1/customers/{customerId}/enrolments', CustomerEnrolmentsParameters],
    ['/v1/customers/{customerId}/why-not', WhyNotParameters],
    ['/v1/templates/{template}/preview', PreviewParameters],
    ['/v1/actions', ActionsParameters],
    ['/v1/tasks', TasksParameters],
    ['/v1/stage-changes/stream', StageStreamParameters],
    ['/v1/decisions/stream', DecisionStreamParameters],
    ['/v1/engagement-changes/stream', EngagementStreamParameters],
  ])('%s takes exactly the parameters that are documented', (path, parameters) => {
    const documented = OPENAPI.paths[path]?.get?.parameters
      ?.filter(({ in: where }) => where === 'query')
      .map(({ name }) => name);
    const taken = getMetadataStorage()
      .getTargetValidationMetadatas(parameters, '', false, false)
      .map((rule) => rule.propertyName);
    expect([...new Set(taken)].sort()).toEqual([...(documented ?? [])].sort());
  });
});
