/** The OpenAPI document, written by hand: it is the promise, and tests hold the routes against it. */
import { EFFECTS_SCHEMAS } from './effects-schemas';
import { INGEST_SCHEMAS } from './ingest-schemas';
import { JOURNEY_SCHEMAS } from './journey-schemas';
import type { OpenApiDocument } from './openapi.types';
import { PATHS } from './paths';
import { PLAY_BODY_SCHEMAS } from './play-body-schemas';
import { PLAY_SCHEMAS } from './play-schemas';

export const OPENAPI: OpenApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'Rapport',
    version: '0.1.0',
    description:
      'Every interaction of a customer is a touchpoint; every change of stage or engagement is a decision with its evidence. ' +
      'Every answer says the position of the log that it is true for. Errors are problem documents (RFC 9457). ' +
      'Clients must bear with members that they do not know.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  tags: [
    { name: 'touchpoints', description: 'What happened.' },
    { name: 'customers', description: 'Where each customer stands, and why.' },
    { name: 'changes', description: 'Who moved, when, by which evidence.' },
    { name: 'plays', description: 'What the engine does: who is asked, given and told what, and why not.' },
    { name: 'links', description: 'What customers reach from their messages.' },
    { name: 'operations', description: 'Running the server.' },
  ],
  paths: PATHS,
  components: {
    schemas: { ...INGEST_SCHEMAS, ...JOURNEY_SCHEMAS, ...PLAY_SCHEMAS, ...PLAY_BODY_SCHEMAS, ...EFFECTS_SCHEMAS },
  },
};

export const OPENAPI_JSON = JSON.stringify(OPENAPI);
