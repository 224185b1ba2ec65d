/** What is said: `templates`. Their Liquid is checked by the engine, which renders them. */
import type { FaultList } from '../../language/definition/fault-list';
import type { Written } from '../../language/definition/rule-document';
import { checkText } from '../../language/touchpoint/text-rules';
import { kindOf, pointerTo } from '../../language/touchpoint/touchpoint-error';
import type { PlaysPart, Template } from '../play';
import { TEMPLATE_PART_LENGTH_MAX, TEMPLATES_MAX } from '../play-limits';
import { readLine, readName } from './word-parser';

const KEYS = ['name', 'description', 'subject', 'text', 'html'] as const;

export function readTemplates(value: unknown, path: string, faults: FaultList): Template[] {
  if (value === undefined) return [];
  const templates: Template[] = [];
  for (const [i, member] of (faults.listOf(value, path, TEMPLATES_MAX, 'the list of templates') ?? []).entries()) {
    const template = readTemplate(member, `${path}/${i}`, faults);
    if (template === undefined) continue;
    if (templates.some(({ name }) => name === template.name)) {
      faults.add(
        `${path}/${i}/name`,
        `"${template.name}" is the name of an earlier template too`,
        'Name it differently',
      );
    } else templates.push(template);
  }
  return templates;
}

function readTemplate(value: unknown, path: string, faults: FaultList): Template | undefined {
  const members = faults.members(value, path, KEYS, 'a template');
  if (members === undefined) return undefined;
  const named = members['name'] === undefined ? path : pointerTo(path, 'name');
  const name = readName(members['name'], named, 'name', faults);
  if (members['description'] !== undefined && typeof members['description'] !== 'string') {
    faults.add(pointerTo(path, 'description'), 'must be a text', 'Write it in quotes');
  }
  const subject = members['subject'];
  const subjectLine =
    subject === undefined ? undefined : readLine(subject, pointerTo(path, 'subject'), 'the subject', faults);
  if (members['text'] === undefined) {
    faults.add(path, 'has no text: every channel can fall back to it', 'Add "text"');
  }
  const text = members['text'] === undefined ? '' : readPart(members['text'], pointerTo(path, 'text'), faults);
  const html = members['html'] === undefined ? undefined : readPart(members['html'], pointerTo(path, 'html'), faults);
  if (name === undefined) return undefined;
  return { name, ...(subjectLine && { subject: subjectLine }), text, ...(html !== undefined && { html }) };
}

function readPart(value: unknown, path: string, faults: FaultList): string {
  if (typeof value !== 'string' || value.trim() === '') {
    faults.add(path, `must be a text, but is ${value === '' ? 'empty' : kindOf(value)}`, 'Write what is to be said');
    return '';
  }
  const error = checkText(value, path, TEMPLATE_PART_LENGTH_MAX);
  if (error !== undefined) faults.add(path, error.detail, 'Mend the text');
  return value;
}

export function templateDocument(template: Template): Written {
  return { ...template };
}

/** One part of a template, for whoever checks its Liquid. */
export interface TemplatePart {
  template: string;
  part: 'subject' | 'text' | 'html';
  /** JSON pointer into the document. */
  path: string;
  source: string;
}

/** Every part of every template of a definition. */
export function templatesOf(part: PlaysPart): TemplatePart[] {
  const parts: TemplatePart[] = [];
  for (const [i, template] of part.templates.entries()) {
    for (const name of ['subject', 'text', 'html'] as const) {
      const source = template[name];
      if (source === undefined) continue;
      parts.push({ template: template.name, part: name, path: `/templates/${i}/${name}`, source });
    }
  }
  return parts;
}
