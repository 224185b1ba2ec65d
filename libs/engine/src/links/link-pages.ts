/** The pages behind links: no script, nothing from elsewhere. Showing one does nothing; its button is a POST. */
import { carrierOf } from '@rapport/journey';
import { surveyKind } from '../survey/survey-question';
import type { AnswerClaims, AnyClaims } from './sealed-links';
import { EMAIL_CHANNEL } from './unsubscribe';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#222}' +
  'label{display:block;margin:.3rem 0}label.n{display:inline-block;margin:.2rem .5rem}' +
  'textarea{width:100%;min-height:6rem}button{font:inherit;padding:.5rem 1.2rem;margin-top:1rem}';
const NPS_SCORES = Array.from({ length: 11 }, (_, score) => score);
const CSAT_SCORES = [1, 2, 3, 4, 5];

/** Header that a page must be sent with: it may load and run nothing, and be framed by nobody. */
export const PAGE_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export function linkPage(claims: AnyClaims, problem = ''): string {
  const said = problem === '' ? '' : `<p role="alert"><strong>${escaped(problem)}</strong></p>`;
  return claims.kind === 'answer' ? surveyPage(claims, said) : unsubscribePage(claims, said);
}

export function thanksPage(kind: AnyClaims['kind']): string {
  const text = kind === 'answer' ? 'Thank you for your answer.' : 'Done: you will not get such messages any more.';
  return page('Thank you', `<p>${text}</p>`);
}

export function deadLinkPage(because: 'unreadable' | 'expired'): string {
  const text = because === 'expired' ? 'This link is too old.' : 'This link is not valid. Is it complete?';
  return page('This link does not work', `<p>${text}</p>`);
}

function unsubscribePage({ purpose, channel }: AnyClaims, said: string): string {
  const everything = '<label><input type="checkbox" name="everything" value="yes"> and none of any other kind</label>';
  return page(
    'Unsubscribe',
    `${said}<form method="post"><p>Do you want no more messages of this kind (${escaped(purpose)})?</p>` +
      (carrierOf(channel) === EMAIL_CHANNEL ? everything : '') +
      '<button type="submit">Unsubscribe</button></form>',
  );
}

function surveyPage(claims: AnswerClaims, said: string): string {
  const question = escaped(claims.question);
  return page(
    claims.question,
    `${said}<form method="post"><fieldset><legend>${question}</legend>${fields(claims)}</fieldset>` +
      '<button type="submit">Send</button></form>',
  );
}

function fields({ what, choices }: AnswerClaims): string {
  const comment = '<label>In your own words<textarea name="comment" maxlength="4000"></textarea></label>';
  switch (surveyKind(what, choices)) {
    case 'nps':
      return scores(NPS_SCORES) + comment;
    case 'csat':
      return scores(CSAT_SCORES) + comment;
    case 'choice':
      return choices.map((choice) => radio('choice', choice, '')).join('') + comment;
    case 'text':
      return comment;
  }
}

function scores(values: number[]): string {
  return values.map((value) => radio('score', String(value), ' class="n"')).join('');
}

function radio(name: string, value: string, attributes: string): string {
  const text = escaped(value);
  return `<label${attributes}><input type="radio" name="${name}" value="${text}" required> ${text}</label>`;
}

function page(title: string, body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<meta name="robots" content="noindex"><title>${escaped(title)}</title>` +
    `<style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`
  );
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
