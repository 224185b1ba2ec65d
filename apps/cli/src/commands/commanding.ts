/** What all commands to plays share: who asks, under which name, and how it is said that it was done. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { parseInstant } from '@rapport/journey';
import { CommandFailed, EXIT, type ExitCode } from '../exit-code';
import { say } from '../output/notes';
import type { JsonFlags } from './operations.commands';

export interface ByFlags extends JsonFlags {
  by?: string;
}

export function commanded(flags: ByFlags): { by: string; commandId: string } {
  return { commandId: randomUUID(), by: askedBy(flags) };
}

/** `--by`, else the user of this machine. */
export function askedBy({ by }: ByFlags): string {
  if (by !== undefined) return by;
  try {
    return userInfo().username;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailed(EXIT.usage, `Say who asks with --by: the system does not know this user (${why}).`);
  }
}

/** Of `--at`, in ms. */
export function momentOf(at: string): number {
  const moment = parseInstant(at);
  if (!Number.isNaN(moment)) return moment;
  throw new CommandFailed(EXIT.usage, `--at ${at} is no moment with a zone, like 2026-03-04T10:11:12Z.`);
}

export function sayDone(flags: JsonFlags, position: number, sentence: string): ExitCode {
  say(flags.json ? JSON.stringify({ position }) : `${sentence} (position ${position}).`);
  return EXIT.ok;
}
