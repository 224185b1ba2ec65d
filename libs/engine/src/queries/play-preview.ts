/** What a template says to a customer, without anything being sent: a real cause where the customer has one, links that lead nowhere. */
import {
  type ActionRequested,
  closestWord,
  type CompiledPlays,
  type ConditionEvidence,
  type PlayCause,
  type PlayEntered,
  type Template,
} from '@rapport/journey';
import type { ActionRow, CustomerRow } from '@rapport/read-models';
import type { TemplateScope } from '../channels/channel.types';
import { renderTemplate } from '../channels/templates/render-template';
import { causeAtOf, type CauseView, causeView, triggerOf } from '../dispatch/cause-view';
import { customerAtOf } from '../dispatch/dispatch-views';
import { previewScope } from '../dispatch/message-maker';
import { readDecision } from '../loop/read-decision';
import { listEntries } from '../loop/touchpoint-list';
import type { PlayQuery } from '../plays.types';
import { BadQuery, type QueryAnswer } from '../rapport.types';
import { surveyKind, surveyQuestion } from '../survey/survey-question';
import { newestDecisions } from './decision-list';
import { knownTouchpoint, wholeTouchpoint } from './known-touchpoint';
import { type Asked, eventsAt, found, notFound, PAGE_ROWS_MAX, textOfBytes } from './sources';

type PreviewParams = Extract<PlayQuery, { name: 'preview' }>['params'];

/** Of an action that was made with the template; of the enrolment that is to come to it; or the customer's newest touchpoint, for a sample. */
interface Why {
  from: 'action' | 'enrolment' | 'sample' | 'nothing';
  play: string;
  cause: CauseView | object;
  evidence: ConditionEvidence[];
}

/** Of a play that is entered again and again. */
const ENTRIES_LOOKED_AT_MAX = 20;

/** Nobody can follow them. */
const SAMPLE_LINKS = {
  unsubscribe: 'https://rapport.example/l/sample-of-an-unsubscription',
  answer: 'https://rapport.example/l/sample-of-an-answer',
};

/** Throws BadQuery for a template or a play that the newest definition does not have. `failed`: the message would not be made either. */
export function preview(asked: Asked, { customerId, template: name, play }: PreviewParams): QueryAnswer {
  const version = asked.sources.latestDefinition();
  const known = version === 0 ? undefined : asked.sources.compiled(version);
  const compiled = known?.compiled.plays ?? null;
  const template = named('template', name, known?.definition.plays?.templates ?? []);
  if (play !== undefined) named('play', play, compiled?.plays.map((one) => one.play) ?? []);
  const { models, checkpoint } = asked;
  const row = models.customer(customerId);
  const customer = customerAtOf(models)(customerId, checkpoint.position);
  if (!row || customer === null || customer === 'behind') return notFound(asked);
  const uses = usesOf(compiled, name, play);
  const why = whyOf(asked, row, uses);
  const own = { name: why.play, why: compiled?.current(why.play)?.play.why ?? '' };
  const base = previewScope(customerId, customer, own, checkpoint.recordedAt);
  const scope = { ...base, cause: why.cause, evidence: why.evidence, links: SAMPLE_LINKS };
  const { from, cause, evidence } = why;
  const what = { customerId, template: name, ...(why.play !== '' && { play: why.play }), version };
  return found(asked, { ...what, from, cause, evidence, ...shown(template, scope, uses) });
}

function shown(template: Template, scope: TemplateScope, uses: readonly Use[]): object {
  const rendered = renderTemplate(template, scope);
  if (!rendered.ok) return { failed: rendered.detail };
  const { subject, text, html } = rendered;
  const survey = uses.find((use) => use.channel === 'survey');
  return {
    ...(subject !== undefined && { subject }),
    text,
    ...(html !== undefined && { html }),
    ...(survey && { survey: surveyOf(survey.what, text) }),
  };
}

function surveyOf(what: string, text: string): object {
  const question = surveyQuestion(text);
  return { kind: surveyKind(what, question.choices), ...question };
}

/** A step that is made with the template. */
interface Use {
  play: string;
  step: string;
  channel: string;
  what: string;
}

function usesOf(compiled: CompiledPlays | null, template: string, only: string | undefined): Use[] {
  return (compiled?.plays ?? []).flatMap(({ play, steps }) =>
    [...steps.values()].flatMap(({ step }) =>
      step.step === 'act' && step.template === template && (only === undefined || play.name === only)
        ? [{ play: play.name, step: step.path, channel: step.by, what: step.what }]
        : [],
    ),
  );
}

function whyOf(asked: Asked, row: CustomerRow, uses: readonly Use[]): Why {
  return ofAction(asked, row, uses) ?? ofEnrolment(asked, row, uses) ?? ofNewest(asked, row, uses);
}

function ofAction(asked: Asked, row: CustomerRow, uses: readonly Use[]): Why | null {
  const action = newestAction(asked, row, uses);
  if (action === undefined) return null;
  const [event] = eventsAt(asked, [action.position]);
  const request = readDecision(event!.type, textOfBytes(event!.data)) as ActionRequested;
  const { log, models, ...others } = sourcesOf(asked);
  const known = causeAtOf({ log, models, ...others })(row.customerId, request);
  const cause = known.touchpoint ? known : { ...known, ...enteredBy(asked, row, request) };
  return { from: 'action', play: action.play, cause, evidence: request.evidence };
}

/** Of an enrolment that is over the state has forgotten by what it was entered; the log has not. */
function enteredBy(asked: Asked, row: CustomerRow, { play, enrolment, cause }: ActionRequested): CauseView | null {
  const filter = { customerId: row.customerId, play: [play], type: ['PlayEntered'] };
  const [event] = newestDecisions(asked, filter, ENTRIES_LOOKED_AT_MAX).filter(
    (one) => (JSON.parse(textOfBytes(one.data)) as PlayEntered).enrolment === enrolment,
  );
  const trigger = event && (JSON.parse(textOfBytes(event.data)) as PlayEntered).trigger;
  const id = trigger && 'touchpointId' in trigger ? trigger.touchpointId : undefined;
  const touchpoint = id === undefined ? null : knownTouchpoint(asked.sources.log, asked.models, row, id);
  return touchpoint && causeView(cause, touchpoint);
}

function newestAction(asked: Asked, { no }: CustomerRow, uses: readonly Use[]): ActionRow | undefined {
  const plays = [...new Set(uses.map((use) => use.play))];
  if (plays.length === 0) return undefined;
  let newest: ActionRow | undefined;
  for (let after = 0; ;) {
    const rows = asked.models.plays.actions({ no, plays }, after, PAGE_ROWS_MAX);
    newest = rows.findLast((one) => uses.some((use) => use.play === one.play && use.step === one.step)) ?? newest;
    if (rows.length < PAGE_ROWS_MAX) return newest;
    after = rows.at(-1)!.position;
  }
}

function ofEnrolment(asked: Asked, row: CustomerRow, uses: readonly Use[]): Why | null {
  const { log, models, compiled } = sourcesOf(asked);
  for (const { play } of uses) {
    const id = triggerOf(row, compiled, play);
    const touchpoint = id === '' ? null : knownTouchpoint(log, models, row, id);
    if (touchpoint) return { from: 'enrolment', play, cause: causeView(causedBy(id), touchpoint), evidence: [] };
  }
  return null;
}

function ofNewest(asked: Asked, { no, tail }: CustomerRow, uses: readonly Use[]): Why {
  const play = uses[0]?.play ?? '';
  const position = listEntries(tail, asked.models.chunks(no)).positions.at(-1);
  const [event] = position === undefined ? [] : eventsAt(asked, [position]);
  if (!event || event.type !== 'TouchpointRecorded') return { from: 'nothing', play, cause: {}, evidence: [] };
  const touchpoint = wholeTouchpoint(event);
  return { from: 'sample', play, cause: causeView(causedBy(touchpoint.touchpointId), touchpoint), evidence: [] };
}

const causedBy = (touchpointId: string): PlayCause => ({ kind: 'touchpoint', touchpointId });

function sourcesOf({ sources, models }: Asked): Parameters<typeof causeAtOf>[0] {
  return { log: sources.log, models, compiled: (version) => sources.compiled(version).compiled };
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
