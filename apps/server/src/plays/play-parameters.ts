/** The parameters of the questions about plays, as classes for the validation pipe. */
import { type ActionRowState, ACTION_ROW_STATES, ENROLMENT_PHASES } from './row-words';
import { ACTION_ID_CHARACTERS, CUSTOMER_ID_LENGTH_MAX, PLAY_CHANNELS } from '@rapport/journey';
import type { ActionsParams } from '@rapport/engine';
import { FILTER_CHARS_MAX } from '../config/limits';
import { ListParameters } from '../queries/list-parameters';
import { AnyOf, Choice, Optional, Required, Text } from '../queries/parameter-rules';

export class PlayPath {
  @Required()
  @Text(FILTER_CHARS_MAX)
  play!: string;
}

export class TemplatePath {
  @Required()
  @Text(FILTER_CHARS_MAX)
  template!: string;
}

/** Whom a template is shown for. */
export class PreviewParameters {
  @Required()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId!: string;

  @Optional()
  @Text(FILTER_CHARS_MAX)
  play?: string;
}

export class ActionPath {
  @Required()
  @Text(ACTION_ID_CHARACTERS)
  action!: string;
}

export class ChannelPath {
  @Required()
  @Choice(PLAY_CHANNELS)
  channel!: string;
}

/** What `why-not` asks about. */
export class WhyNotParameters {
  @Required()
  @Text(FILTER_CHARS_MAX)
  play!: string;
}

export class CustomerEnrolmentsParameters extends ListParameters {
  @Optional()
  @Text(FILTER_CHARS_MAX)
  play?: string;

  @Optional()
  @Choice(ENROLMENT_PHASES)
  phase?: string;
}

export class EnrolmentsParameters extends CustomerEnrolmentsParameters {
  @Optional()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId?: string;
}

export class TasksParameters extends ListParameters {
  @Optional()
  @AnyOf(ACTION_ROW_STATES)
  state?: ActionRowState[];

  @Optional()
  @AnyOf()
  play?: string[];

  @Optional()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId?: string;

  @Optional()
  @Text(FILTER_CHARS_MAX)
  team?: string;

  @Optional()
  @Text(FILTER_CHARS_MAX)
  assignee?: string;
}

export class ActionsParameters extends TasksParameters {
  @Optional()
  @AnyOf(PLAY_CHANNELS)
  channel?: string[];
}

export function actionsParams(asked: ActionsParameters): ActionsParams {
  const { state, channel, play, customerId, team, assignee, limit, cursor } = asked;
  return { state, channel, play, customerId, team, assignee, limit, cursor };
}

/** Tasks are the actions of one channel. Who names no state means those that still wait for somebody. */
export function tasksParams(asked: TasksParameters): ActionsParams {
  const { state, play, customerId, team, assignee, limit, cursor } = asked;
  return { state: state ?? OPEN, channel: [TASK], play, customerId, team, assignee, limit, cursor };
}

const OPEN: ActionRowState[] = ['requested'];
const TASK = 'task';
