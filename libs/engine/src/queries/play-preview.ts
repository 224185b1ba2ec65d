/** What a template says to a customer, without anything being sent: no cause, no evidence, no links that lead anywhere. */
import { closestWord } from '@rapport/journey';
import { renderTemplate } from '../channels/templates/render-template';
import { customerAtOf } from '../dispatch/dispatch-views';
import { previewScope } from '../dispatch/message-maker';
import type { PlayQuery } from '../plays.types';
import { BadQuery, type QueryAnswer } from '../rapport.types';
import { type Asked, found, notFound } from './sources';

type PreviewParams = Extract<PlayQuery, { name: 'preview' }>['params'];

/** Throws BadQuery for a template or a play that the newest definition does not have. `failed`: the message would not be made either. */
export function preview(asked: Asked, { customerId, template: name, play: playName }: PreviewParams): QueryAnswer {
  const version = asked.sources.latestDefinition();
  const part = version === 0 ? undefined : asked.sources.compiled(version).definition.plays;
  const template = named('template', name, part?.templates ?? []);
  const play = playName === undefined ? { name: '', why: '' } : named('play', playName, part?.plays ?? []);
  const { models, checkpoint } = asked;
  const customer = customerAtOf(models)(customerId, checkpoint.position);
  if (customer === null || customer === 'behind') return notFound(asked);
  const scope = previewScope(customerId, customer, { name: play.name, why: play.why }, checkpoint.recordedAt);
  const rendered = renderTemplate(template, scope);
  const what = { customerId, template: name, ...(playName !== undefined && { play: playName }), version };
  if (!rendered.ok) return found(asked, { ...what, failed: rendered.detail });
  const { subject, text, html } = rendered;
  return found(asked, {
    ...what,
    ...(subject !== undefined && { subject }),
    text,
    ...(html !== undefined && { html }),
  });
}

function named<T extends { name: string }>(parameter: 'template' | 'play', name: string, among: readonly T[]): T {
  const one = among.find((candidate) => candidate.name === name);
  if (one !== undefined) return one;
  const close = closestWord(
    name,
    among.map((candidate) => candidate.name),
  );
  const mend = close === undefined ? '' : `; did you mean '${close}'?`;
  throw new BadQuery(parameter, `there is no ${parameter} '${name}' in the definition${mend}`);
}
