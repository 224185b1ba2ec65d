/** `rapport definition`: the one in force, the default one, and the check of a file. */
import { existsSync, readFileSync } from 'node:fs';
import { DEFAULT_DEFINITION_TEXT, parseDefinition } from '@rapport/journey';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { note, say } from '../output/notes';
import { plural } from '../output/table';
import { openTarget } from '../target/open-target';
import type { DefinitionAnswer } from './answers.types';
import type { JsonFlags } from './operations.commands';

export async function showDefinition(flags: JsonFlags & { default?: boolean }): Promise<ExitCode> {
  if (flags.default) {
    say(DEFAULT_DEFINITION_TEXT.trimEnd());
    return EXIT.ok;
  }
  const target = await openTarget(flags);
  try {
    const { json } = await target.query({ name: 'definition', params: {} });
    const answer = JSON.parse(json) as DefinitionAnswer;
    if (!flags.json && typeof answer.document === 'string') {
      note(`Version ${answer.version} of "${answer.name}".`);
      say(answer.document.trimEnd());
    } else say(flags.json ? json : JSON.stringify(answer, null, 2));
    return EXIT.ok;
  } finally {
    await target.close();
  }
}

export function checkDefinition(file: string, flags: { json?: boolean }): ExitCode {
  if (!existsSync(file)) throw new CommandFailed(EXIT.notFound, `There is no file ${file}.`);
  const parsed = parseDefinition(readFileSync(file, 'utf8'), file);
  if (parsed.ok) {
    const { name, stages, timeZone } = parsed.definition;
    const names = stages.map((stage) => stage.name);
    if (flags.json) say(JSON.stringify({ ok: true, name, timeZone, stages: names }));
    else
      say(
        `${file} is well: "${name}" with ${plural(names.length, 'stage')} (${names.join(', ')}), days of ${timeZone}.`,
      );
    return EXIT.ok;
  }
  if (flags.json) say(JSON.stringify({ ok: false, faults: parsed.faults }));
  else {
    const lines = parsed.faults.map((fault) => `  ${fault.path || '/'}: ${fault.problem}. ${fault.mend}`);
    say(`${file} has ${plural(parsed.faults.length, 'fault')}:\n${lines.join('\n')}`);
  }
  return EXIT.failure;
}
