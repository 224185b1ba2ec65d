/** The channels that exist. Each is one file in the engine; a definition is read the same way wherever it is read. */
export const PLAY_CHANNELS: readonly string[] = ['email', 'webhook', 'task', 'survey', 'chat', 'log'];

export const TASK_CHANNEL = 'task';
export const SURVEY_CHANNEL = 'survey';
const EMAIL_CHANNEL = 'email';
/** Channels whose messages have a subject: a survey goes out as an e-mail. */
export const SUBJECT_CHANNELS: readonly string[] = [EMAIL_CHANNEL, SURVEY_CHANNEL];
/** Channels that show a text to people: nothing to send without a template. */
export const TEXT_CHANNELS: readonly string[] = [EMAIL_CHANNEL, SURVEY_CHANNEL, 'chat'];

/** What the messages of a channel travel by: whoever does not want the carrier, or whose address is dead, gets none of them. */
export function carrierOf(channel: string): string {
  return channel === SURVEY_CHANNEL ? EMAIL_CHANNEL : channel;
}
