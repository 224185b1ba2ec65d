/** The bodies of commands to plays, as classes for the validation pipe. Whether a command may be done is the fold's to say. */
import { CUSTOMER_ID_LENGTH_MAX } from '@rapport/journey';
import { BY_CHARS_MAX, COMMAND_ID_CHARS_MAX, FILTER_CHARS_MAX, REASON_CHARS_MAX } from '../config/limits';
import { Choice, Moment, Optional, Required, Span, Text, TrueOrFalse } from '../queries/parameter-rules';
import { TASK_OUTCOMES } from './row-words';

/** Pausing and resuming. */
export class ByBody {
  @Required()
  @Text(BY_CHARS_MAX)
  by!: string;
}

/** Every command for one customer. */
export class CommandBody extends ByBody {
  @Optional()
  @Text(COMMAND_ID_CHARS_MAX)
  commandId?: string;
}

export class EnrolBody extends CommandBody {
  @Required()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId!: string;

  @Optional()
  @TrueOrFalse()
  override?: boolean;
}

export class StopBody extends CommandBody {
  @Required()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId!: string;

  @Required()
  @Text(REASON_CHARS_MAX)
  reason!: string;
}

export class ClaimBody extends CommandBody {
  @Optional()
  @Span()
  for?: number;
}

export class ReassignBody extends CommandBody {
  @Optional()
  @Text(FILTER_CHARS_MAX)
  team?: string;

  @Optional()
  @Text(BY_CHARS_MAX)
  to?: string;
}

export class FinishBody extends CommandBody {
  @Required()
  @Choice(TASK_OUTCOMES)
  outcome!: (typeof TASK_OUTCOMES)[number];

  @Optional()
  @Text(REASON_CHARS_MAX)
  note?: string;
}

export class RetryBody extends CommandBody {
  @Optional()
  @TrueOrFalse()
  override?: boolean;

  @Optional()
  @Text(REASON_CHARS_MAX)
  reason?: string;
}

export class ResolveBody extends CommandBody {
  @Required()
  @TrueOrFalse()
  delivered!: boolean;

  @Required()
  @Moment()
  at!: number;

  @Required()
  @Text(REASON_CHARS_MAX)
  reason!: string;
}
