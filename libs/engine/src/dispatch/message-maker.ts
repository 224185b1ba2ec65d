/** Makes the message of a request: the customer as known after it, the template of its version, the links. */
import type { ActionRequested, Play, Template } from '@rapport/journey';
import type { Channel, Rendered, TemplateScope, ToRender } from '../channels/channel.types';
import { readsName } from '../channels/templates/check-template';
import { renderTemplate } from '../channels/templates/render-template';
import { ANSWER_VALID_MS, type LinkClaims, type SealedLinks, UNSUBSCRIBE_VALID_MS } from '../links/sealed-links';
import { surveyQuestion } from '../survey/survey-question';
import type { CauseAt } from './cause-view';
import type { EffectsMode } from './instance.types';

/** What has to be said, to whom, and the log position of the request. */
export interface ToSay {
  request: ActionRequested;
  customerId: string;
  position: number;
}

export interface CustomerView {
  kind: string;
  stage: string | null;
  engagement: string | null;
  traits: { [name: string]: string | string[] };
  personal: { [name: string]: string | string[] };
  /** Nothing personal is left. */
  erased?: true;
}

/** `behind`: what is known is older than the position. null = the customer is not known. */
export type CustomerAt = (customerId: string, position: number) => CustomerView | null | 'behind';

/** What a definition of that version says; undefined where it does not. */
export interface PlayTexts {
  play(version: number, name: string): Play | undefined;
  template(version: number, name: string): Template | undefined;
  /** Where a team wants to be told of its tasks. */
  notify(version: number, team: string): string | undefined;
}

export interface MessageSources {
  customerAt: CustomerAt;
  /** Asked only where a template reads it. */
  causeAt: CauseAt;
  texts: PlayTexts;
  links: SealedLinks;
  now: () => number;
}

const NO_LINKS = { unsubscribe: '', answer: '' };

export async function makeMessage(
  { request, customerId, position }: ToSay,
  channel: Channel,
  mode: Exclude<EffectsMode, 'off'>,
  { customerAt, causeAt, texts, links, now }: MessageSources,
): Promise<Rendered | 'behind'> {
  const view = customerAt(customerId, position);
  if (view === 'behind') return 'behind';
  if (view === null) return { ok: false, reason: 'noAddress', detail: 'the customer is not known' };
  if (view.erased) return { ok: false, reason: 'erased', detail: 'the customer has been erased' };
  const { playVersion, template: name, team } = request;
  const template = name === undefined ? null : texts.template(playVersion, name);
  if (template === undefined) return { ok: false, reason: 'templateFailed', detail: `there is no template '${name}'` };
  const why = texts.play(playVersion, request.play)?.why ?? '';
  const cause = template && readsName(template, 'cause') ? causeAt(customerId, request) : request.cause;
  const { play: playName, evidence } = request;
  const base = previewScope(customerId, view, { name: playName, why }, now());
  const scope: TemplateScope = { ...base, cause, evidence };
  const notify = team === undefined ? undefined : texts.notify(playVersion, team);
  const what: ToRender = { request, template, mode, scope, ...(notify !== undefined && { notify }) };
  const linked = linksOf(request, customerId, links, template, scope);
  return channel.render({ ...what, scope: { ...scope, links: linked } });
}

/** What a template sees of a customer, before it is known why something is sent. */
export function previewScope(
  customerId: string,
  { kind, stage, engagement, traits, personal }: CustomerView,
  play: { name: string; why: string },
  now: number,
): TemplateScope {
  const customer = { id: customerId, kind, stage, engagement, traits, personal };
  return { customer, cause: {}, evidence: [], play, links: NO_LINKS, now: new Date(now).toISOString() };
}

/**
 * Of what goes to the customer, each sealed when it is first read: who has no address needs none. A question's page shows what the
 * message asks: so that is rendered first, without the link.
 */
function linksOf(
  request: ActionRequested,
  customerId: string,
  links: SealedLinks,
  template: Template | null,
  scope: TemplateScope,
): TemplateScope['links'] {
  if (request.verb === 'task') return NO_LINKS;
  const { action: id, play, purpose, channel, what, at } = request;
  const claims: Omit<LinkClaims, 'kind' | 'expires'> = { customerId, action: id, play, purpose, channel, what };
  const answer = (): string => {
    const asked = template && request.verb === 'ask' ? renderTemplate({ text: template.text }, scope) : null;
    if (!asked?.ok) return '';
    const question = surveyQuestion(asked.text);
    return links.link({ ...claims, ...question, kind: 'answer', expires: at + ANSWER_VALID_MS });
  };
  return whenRead(() => links.link({ ...claims, kind: 'unsubscribe', expires: at + UNSUBSCRIBE_VALID_MS }), answer);
}

/** The same link each time: a message has it in several places. */
function whenRead(unsubscribe: () => string, answer: () => string): TemplateScope['links'] {
  let sealed: string | undefined;
  let asked: string | undefined;
  return {
    get unsubscribe() {
      return (sealed ??= unsubscribe());
    },
    get answer() {
      return (asked ??= answer());
    },
  };
}
