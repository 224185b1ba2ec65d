/** A form that was sent from a survey's page, as the touchpoint that it is. */
import { DRIVERS, type Properties, type Touchpoint } from '@rapport/journey';
import type { AnswerClaims } from '../links/sealed-links';
import { surveyKind } from './survey-question';

export const COMMENT_CHARACTERS_MAX = 4_000;
const NPS_MAX = 10;
const CSAT_MIN = 1;
const CSAT_MAX = 5;

export type SurveyForm = { [field: string]: string | undefined };
export type Answered = { ok: true; touchpoint: Touchpoint } | { ok: false; problem: string };

/** Id of the touchpoint that answers an ask: there is one. */
export const answerId = (action: string): string => `${action}-answer`;

/** Its id is that of the action: one answer counts. What is sent after it is another content under a known id. */
export function surveyAnswer(claims: AnswerClaims, form: SurveyForm, now: number): Answered {
  const { action, customerId, what, channel, choices } = claims;
  const kind = surveyKind(what, choices);
  const properties: Properties = { surveyId: action, action, kind, what };
  const comment = (form.comment ?? '').trim().slice(0, COMMENT_CHARACTERS_MAX);
  if (kind === 'nps' || kind === 'csat') {
    const score = scoreOf(form.score, kind === 'nps' ? 0 : CSAT_MIN, kind === 'nps' ? NPS_MAX : CSAT_MAX);
    if (score === null) return { ok: false, problem: 'Please choose a number.' };
    properties.score = score;
  }
  if (kind === 'choice') {
    const { choice } = form;
    if (choice === undefined || !choices.includes(choice)) return { ok: false, problem: 'Please choose an answer.' };
    properties.choice = choice;
    const driver = DRIVERS.find((known) => known === choice.toLowerCase());
    if (driver) properties.driver = driver;
  }
  if (kind === 'text' && comment === '') return { ok: false, problem: 'Please write something.' };
  const touchpoint: Touchpoint = {
    ...{ touchpointId: answerId(action), customerId, type: 'survey.answered', channel, direction: 'inbound' },
    ...{ occurredAt: now, source: 'rapport-links', properties, history: false },
    ...(comment !== '' && { text: comment }),
  };
  return { ok: true, touchpoint };
}

function scoreOf(text: string | undefined, min: number, max: number): number | null {
  if (text === undefined || !/^\d{1,2}$/.test(text)) return null;
  const score = Number(text);
  return score >= min && score <= max ? score : null;
}
