import { INBOUND_EMAIL_KINDS, type InboundEmailKind } from '@rapport/engine';
import { ACTION_ID_CHARACTERS, CUSTOMER_ID_LENGTH_MAX, TEXT_LENGTH_MAX } from '@rapport/journey';
import { MESSAGE_ID_CHARS_MAX, REPORT_ID_CHARS_MAX } from '../config/limits';
import { Choice, Moment, Optional, Required, Text } from '../queries/parameter-rules';

/** What a mail server or a mail provider's webhook, translated, says of a message. */
export class InboundEmailBody {
  @Required()
  @Choice(INBOUND_EMAIL_KINDS)
  kind!: InboundEmailKind;

  @Required()
  @Text(REPORT_ID_CHARS_MAX)
  reportId!: string;

  @Required()
  @Moment()
  at!: number;

  @Optional()
  @Text(ACTION_ID_CHARACTERS)
  action?: string;

  @Optional()
  @Text(MESSAGE_ID_CHARS_MAX)
  messageId?: string;

  @Optional()
  @Text(CUSTOMER_ID_LENGTH_MAX)
  customerId?: string;

  @Optional()
  @Text(TEXT_LENGTH_MAX)
  text?: string;
}
