/** The parameters of the lists, as classes for the validation pipe. */
import { type ChangesParams, type CustomersParams, DECISION_TYPES } from '@rapport/engine';
import { CUSTOMER_ID_LENGTH_MAX, ENGAGEMENTS } from '@rapport/journey';
import { FILTER_CHARS_MAX, LIST_LIMIT_DEFAULT } from '../config/limits';
import {
  AnyOf,
  Choice,
  Cursor,
  Flag,
  Limit,
  Moment,
  Optional,
  Position,
  Required,
  Span,
  Text,
} from './parameter-rules';

export const CUSTOMER_SORTS = ['since', '-since', 'lastTouchpoint', '-lastTouchpoint', 'id', '-id'] as const;
export const KINDS = ['person', 'employee', 'partner'] as const;

/** For routes that take no parameters at all. */
export class NoParameters {}

export class ListParameters {
  @Limit()
  limit: number = LIST_LIMIT_DEFAULT;

  @Optional()
  @Cursor()
  cursor?: string;
}

export class CustomersParameters extends ListParameters {
  @Optional()
  @AnyOf()
  stage?: string[];

  @Optional()
  @AnyOf(ENGAGEMENTS)
  engagement?: string[];

  @Optional()
  @AnyOf(KINDS)
  kind?: string[];

  @Optional()
  @AnyOf()
  channel?: string[];

  @Optional()
  @Span()
  inStageAtLeast?: number;

  @Optional()
  @Span()
  inStageAtMost?: number;

  @Optional()
  @Moment()
  lastTouchpointFrom?: number;

  @Optional()
  @Moment()
  lastTouchpointTo?: number;

  @Choice(CUSTOMER_SORTS)
  sort: (typeof CUSTOMER_SORTS)[number] = 'id';

  @Flag()
  count: boolean = false;
}

export function customersParams(asked: CustomersParameters): CustomersParams {
  const { sort, count, limit, lastTouchpointFrom, lastTouchpointTo } = asked;
  return {
    stage: asked.stage,
    engagement: asked.engagement,
    kind: asked.kind,
    channel: asked.channel,
    inStageAtLeast: asked.inStageAtLeast,
    inStageAtMost: asked.inStageAtMost,
    lastFrom: lastTouchpointFrom,
    lastTo: lastTouchpointTo,
    sort: sort.replace('-', '') as CustomersParams['sort'],
    descending: sort.startsWith('-'),
    count,
    limit,
    cursor: asked.cursor,
  };
}

class ChangesParameters extends ListParameters {
  @Optional()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId?: string;

  @Optional()
  @Flag()
  history?: boolean;

  @Optional()
  @Moment()
  atFrom?: number;

  @Optional()
  @Moment()
  atUntil?: number;
}

export class StageChangesParameters extends ChangesParameters {
  @Optional()
  @AnyOf()
  to?: string[];

  @Optional()
  @AnyOf()
  from?: string[];
}

export class EngagementChangesParameters extends ChangesParameters {
  @Optional()
  @AnyOf(ENGAGEMENTS)
  to?: string[];

  @Optional()
  @AnyOf(ENGAGEMENTS)
  from?: string[];
}

export function changesParams(
  axis: ChangesParams['axis'],
  asked: StageChangesParameters | EngagementChangesParameters,
): ChangesParams {
  const { to, from, customerId, history, atFrom, atUntil, limit, cursor } = asked;
  return { axis, to, from, customerId, history, atFrom, atUntil, limit, cursor };
}

export class DecisionsParameters extends ListParameters {
  @Optional()
  @AnyOf(DECISION_TYPES)
  type?: string[];

  @Optional()
  @AnyOf()
  play?: string[];

  @Optional()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId?: string;

  @Optional()
  @Position(0)
  after?: number;
}

export class StandingParameters extends ListParameters {
  @Required()
  @Text(FILTER_CHARS_MAX)
  stage!: string;

  @Required()
  @Moment()
  before!: number;
}

export class ReportParameters {
  @Required()
  @Moment()
  from!: number;

  @Required()
  @Moment()
  until!: number;
}

export class CustomerPath {
  @Required()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId!: string;
}

export class ParkedPath {
  @Required()
  @Position(1)
  position!: number;
}
