/** What is wrong with a template, found before anybody is written to. */
import { closestWord, type Fault, type Template } from '@rapport/journey';
import { globalsOf, type Part, parsePart } from './liquid';

const NAMES = ['customer', 'cause', 'evidence', 'play', 'links', 'now'];

/** Syntax, unknown tags and filters, and names that are never there. Paths are those of a definition document. */
export function checkTemplates(templates: readonly Template[]): Fault[] {
  return templates.flatMap((template, i) => {
    const parts: [name: 'subject' | 'text' | 'html', part: Part][] = [
      ['subject', 'text'],
      ['text', 'text'],
      ['html', 'html'],
    ];
    return parts.flatMap(([name, part]) => {
      const source = template[name];
      return source === undefined ? [] : faultsOf(part, source, `/templates/${i}/${name}`, template.name);
    });
  });
}

function faultsOf(part: Part, source: string, path: string, template: string): Fault[] {
  try {
    parsePart(part, source);
    return globalsOf(part, source)
      .filter((name) => !NAMES.includes(name))
      .map((name) => ({
        path,
        problem: `the template '${template}' reads '${name}', which is never there`,
        mend: `Did you mean '${closestWord(name, NAMES) ?? 'customer'}'? There are ${NAMES.join(', ')}`,
      }));
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    return [{ path, problem: `the template '${template}' cannot be read: ${problem}`, mend: 'Mend it at that place' }];
  }
}
