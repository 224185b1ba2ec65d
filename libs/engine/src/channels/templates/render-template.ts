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
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { ok: false, reason: 'templateFailed', detail: inWords(said).slice(0, DETAIL_CHARACTERS) };
  }
}

const UNDEFINED = /^undefined variable: (.+), line:(\d+), col:(\d+)$/;

function inWords(said: string): string {
  const [, name, line, column] = UNDEFINED.exec(said) ?? [];
  if (name === undefined) return said;
  return `it reads '${name}', which is not there for this message (line ${line}, column ${column})`;
}
