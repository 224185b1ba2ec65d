/** How questions and commands about plays are answered, found or not, done or refused. */
import { randomUUID } from 'node:crypto';
import type { CommandAnswer, QueryAnswer } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { POSITION_HEADER, sendJson } from '../http/answers';
import { Problem, type ProblemCode, type ProblemExtras } from '../http/problem';
import { notStored } from '../ingest/touchpoints.route';
import { sendAnswer } from '../queries/ask.query';

export function sendFound(reply: FastifyReply, answer: QueryAnswer, code: ProblemCode, name: string): void {
  if (!answer.found) throw unknown(code, name, answer.position);
  sendAnswer(reply, answer);
}

export function unknown(code: ProblemCode, name: string, position: number): Problem {
  const detail = `Nothing of the name ${JSON.stringify(name)} is known up to position ${position}.`;
  return new Problem(code, detail, at(position));
}

/** A command is answered when the fold has decided it and the read models show it. */
export function sendCommanded(reply: FastifyReply, customerId: string, answer: CommandAnswer): void {
  if (answer.ok) return sendJson(reply, 200, JSON.stringify({ position: answer.position }), answer.position);
  if ('reason' in answer) throw notStored(answer);
  if (!('position' in answer)) {
    throw new Problem('unknownCustomer', `There is no customer ${JSON.stringify(customerId)}. A touchpoint makes one.`);
  }
  throw new Problem('commandRefused', answer.detail, at(answer.position, { because: answer.refused }));
}

function at(position: number, members: { [name: string]: unknown } = {}): ProblemExtras {
  return { headers: { [POSITION_HEADER]: String(position) }, members: { ...members, position } };
}

/** Who commands, and under which name. */
export function commanded({ by, commandId }: { by: string; commandId?: string }): { by: string; commandId: string } {
  return { commandId: commandId ?? randomUUID(), by };
}
