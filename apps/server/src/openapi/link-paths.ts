/** The pages behind links in messages. */
import { COMMENT_CHARACTERS_MAX, LINK_PATH, TOKEN_CHARACTERS_MAX } from '@rapport/engine';
import { FORM_TYPES } from '../links/form-fields';
import type { PathItem, Response } from './openapi.types';
import { inPath } from './parameters';
import { tagged } from './path-parts';
import { problem, type Responses, RETRY_AFTER, serves, servesAfterBody } from './responses';
import { object, oneOf, text } from './schema-parts';

const PAGE = { 'text/html': { schema: text() } };
const page = (description: string): Response => ({ description, content: PAGE });

const TOKEN = inPath(
  'token',
  'Sealed and with an end: who is meant, and what for.',
  text(undefined, { minLength: 1, maxLength: TOKEN_CHARACTERS_MAX }),
);

const DEAD: Responses = {
  '404': page('The token is none of this server, or was changed: a page that says so.'),
  '410': page('The link is too old: a page that says so.'),
  '414': problem('The token is longer than any.'),
  '431': problem('The address and the headers together are larger than 32 KiB.'),
};

const FORM = object({
  'List-Unsubscribe?': oneOf(['One-Click'], 'What mail providers send (RFC 8058). Needed by nobody.'),
  'everything?': oneOf(['yes'], 'Of an unsubscription: no message of any kind on this channel any more.'),
  'score?': text('Of a survey: 0 to 10 (NPS), 1 to 5 (CSAT).'),
  'choice?': text('Of a survey: one of its choices.'),
  'comment?': text('Of a survey: in own words.', { maxLength: COMMENT_CHARACTERS_MAX }),
});

export const LINK_PATHS: { [path: string]: PathItem } = tagged('links', {
  [`${LINK_PATH}{token}`]: {
    get: {
      operationId: 'showLink',
      summary: 'The page behind a link in a message',
      description: 'Shows an unsubscription to confirm, or a question. Changes nothing: mail scanners follow links.',
      parameters: [TOKEN],
      responses: serves('text/html', 'The page.', DEAD),
    },
    post: {
      operationId: 'followLink',
      summary: 'Unsubscribe, or answer',
      description:
        'The form of the page, or the one click of a mail provider. The only call that takes forms and no JSON. An answer counts once: after it, another is thanked for and not counted.',
      parameters: [TOKEN],
      requestBody: {
        required: false,
        content: Object.fromEntries(FORM_TYPES.map((type) => [type, { schema: FORM }])),
      },
      responses: servesAfterBody('text/html', 'Done, and on disk: a page that says so.', {
        ...DEAD,
        '422': page('Something of the answer is missing: the page again, with what.'),
        '503': { description: 'Nothing was stored: the page again.', headers: RETRY_AFTER, content: PAGE },
      }),
    },
  },
});
