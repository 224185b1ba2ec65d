/** The switch of everything that leaves, and how the server stands. */
import type { PathItem } from './openapi.types';
import { body, tagged } from './path-parts';
import { reads, writes } from './responses';

const IN_FORCE = 'In force when it is answered: an attempt that has begun is finished, and none begins that may not.';

export const EFFECTS_PATHS: { [path: string]: PathItem } = tagged('operations', {
  '/v1/status': {
    get: {
      operationId: 'getStatus',
      summary: 'How the server stands, dispatch and effects',
      responses: reads('Status'),
    },
  },
  '/v1/effects': {
    get: { operationId: 'getEffects', summary: 'How far effects go', responses: reads('Effects') },
    post: {
      operationId: 'setEffects',
      summary: 'Switch effects off, to the sandbox or live',
      description: `For the whole and for each channel. ${IN_FORCE}`,
      requestBody: body('EffectsBody', true),
      responses: writes('Effects'),
    },
  },
  '/v1/arm': {
    get: { operationId: 'getArm', summary: 'Whether this instance of the store may send', responses: reads('Armed') },
    post: {
      operationId: 'arm',
      summary: 'Say that this is the instance that sends',
      description: 'After a store was copied, moved or restored. Two that send would send twice: nobody else may.',
      requestBody: body('ByBody', true),
      responses: writes('Armed'),
    },
  },
});
