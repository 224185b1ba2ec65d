/** A template with its scope filled in. */
import type { TemplateScope } from '../channel.types';
import { renderPart } from './liquid';

export type RenderedTemplate =
  | { ok: true; subject: string | undefined; text: string; html: string | undefined }
  | { ok: false; reason: 'templateFailed'; detail: string };

const DETAIL_CHARACTERS = 160;

/** Fails where a name is not there for this customer: half a message is worse than none. */
export function renderTemplate(
  { subject, text, html }: { subject?: string; text: string; html?: string },
  scope: TemplateScope,
): RenderedTemplate {
  try {
    return {
      ok: true,
      subject: subject === undefined ? undefined : renderPart('text', subject, scope).replace(/\s+/g, ' ').trim(),
      text: renderPart('text', text, scope),
      html: html === undefined ? undefined : renderPart('html', html, scope),
    };
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { ok: false, reason: 'templateFailed', detail: detail.slice(0, DETAIL_CHARACTERS) };
  }
}
