/** The path and body under which the HTTP API takes a command to plays. */
import { formatDuration, type PlayCommand } from '@rapport/journey';
import type { Pause } from './target';

interface CommandRequest {
  path: string;
  body: object;
}

/** `customerId` is needed by enrol and stop: the others name an action. */
export function commandRequest(order: PlayCommand, customerId: string | undefined): CommandRequest {
  const { commandId, by } = order;
  const who = { commandId, by };
  switch (order.command) {
    case 'enrol':
      return { path: enrolments(order.play), body: { ...who, customerId, override: order.override } };
    case 'stop':
      return { path: `${enrolments(order.play)}/stop`, body: { ...who, customerId, reason: order.reason } };
    case 'claim':
      return { path: task(order, 'claim'), body: { ...who, for: order.for && formatDuration(order.for) } };
    case 'giveBack':
      return { path: task(order, 'give-back'), body: who };
    case 'reassign':
      return { path: task(order, 'reassign'), body: { ...who, team: order.team, to: order.to } };
    case 'finish':
      return { path: task(order, 'finish'), body: { ...who, outcome: order.outcome, note: order.note } };
    case 'retry': {
      const { override, reason } = order;
      return { path: `${action(order)}/retry`, body: { ...who, override, reason } };
    }
    case 'resolve': {
      const { delivered, at, reason } = order;
      return { path: `${action(order)}/resolve`, body: { ...who, delivered, at: new Date(at).toISOString(), reason } };
    }
  }
}

export function pausePath({ what, name, paused }: Pause): string {
  const verb = paused ? 'pause' : 'resume';
  return `/v1/${what === 'play' ? 'plays' : 'channels'}/${encodeURIComponent(name)}/${verb}`;
}

const enrolments = (play: string): string => `/v1/plays/${encodeURIComponent(play)}/enrolments`;
const action = (order: { action: string }): string => `/v1/actions/${encodeURIComponent(order.action)}`;
const task = (order: { action: string }, verb: string): string =>
  `/v1/tasks/${encodeURIComponent(order.action)}/${verb}`;
