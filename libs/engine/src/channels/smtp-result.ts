/** What became of an e-mail: by the server's answer where there is one, else by whether the message had begun to leave. */
import type { Attempted } from './channel.types';

/** Refused for this recipient, for good. */
const NO_SUCH_MAILBOX: readonly number[] = [550, 551, 553];

interface SmtpError {
  code?: unknown;
  responseCode?: unknown;
  command?: unknown;
}

export function attemptedOfSmtp(error: unknown, dataSent: boolean): Attempted {
  const { code, responseCode, command } = (error ?? {}) as SmtpError;
  if (typeof responseCode === 'number') return byAnswer(responseCode, command === 'RCPT TO');
  const detail = typeof code === 'string' ? code : 'no answer';
  // Once DATA is said the server may have taken the message although its answer never came.
  return dataSent ? { result: 'inDoubt', detail } : { result: 'retry', detail };
}

function byAnswer(status: number, ofRecipient: boolean): Attempted {
  const detail = String(status);
  if (status < 500) return { result: 'retry', detail };
  const address = ofRecipient && NO_SUCH_MAILBOX.includes(status);
  return address ? { result: 'failed', detail, address: true } : { result: 'failed', detail };
}

/** Listens to one conversation, for one word: nothing of it is kept, since it holds addresses and passwords. */
export class SmtpTranscript {
  dataSent = false;

  private readonly hear = (entry: unknown, text: unknown): void => {
    const { tnx } = (entry ?? {}) as { tnx?: unknown };
    if (tnx === 'client' && typeof text === 'string' && text.trim() === 'DATA') this.dataSent = true;
  };

  readonly logger = {
    level: (): void => undefined,
    trace: this.hear,
    debug: this.hear,
    info: this.hear,
    warn: this.hear,
    error: this.hear,
    fatal: this.hear,
  };
}
