/**
 * A question with a page to answer it on, sent by e-mail. The template's text is both the message and the question (survey-question.ts);
 * where it does not show the link itself, the link stands at its end.
 */
import type { Attempt, Attempted, Channel, Rendered, ToRender } from './channel.types';
import { EMAIL_SPEC, EmailChannel, type EmailOptions } from './email.channel';

export const SURVEY_SPEC = { ...EMAIL_SPEC, name: 'survey' };

export class SurveyChannel implements Channel {
  readonly spec = SURVEY_SPEC;
  readonly ownSandbox: boolean;
  private readonly email: EmailChannel;

  constructor(options: EmailOptions) {
    this.email = new EmailChannel(options, SURVEY_SPEC);
    this.ownSandbox = this.email.ownSandbox;
  }

  destinationOf(): string {
    return this.email.destinationOf();
  }

  render(what: ToRender): Promise<Rendered> {
    const { template } = what;
    if (!template) return Promise.resolve({ ok: false, reason: 'templateFailed', detail: 'a survey needs a template' });
    const { subject, text, html } = template;
    const withLink = {
      ...(subject !== undefined && { subject }),
      text: text.includes('links.answer') ? text : `${text.trimEnd()}\n\n{{ links.answer }}\n`,
      ...(html !== undefined && {
        html: html.includes('links.answer')
          ? html
          : `${html}<p><a href="{{ links.answer }}">{{ links.answer }}</a></p>`,
      }),
    };
    return this.email.render({ ...what, template: withLink });
  }

  attempt(attempt: Attempt): Promise<Attempted> {
    return this.email.attempt(attempt);
  }

  close(): Promise<void> {
    return this.email.close();
  }
}
