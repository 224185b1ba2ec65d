/** The answer to what people command for everybody: on disk at once, or shown with `Prefer: wait`. */
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { asOf, sendJson } from '../http/answers';
import { Deadline, preferredWait } from '../ingest/prefer';

export type Stored = Extract<IngestAnswer, { ok: true }>;

export async function sendStored(
  engine: RapportEngine,
  reply: FastifyReply,
  { position, recordedAt }: Stored,
  prefer: string | undefined,
): Promise<void> {
  const seconds = preferredWait(prefer);
  if (seconds === undefined) {
    sendJson(reply, 200, JSON.stringify({ position, asOf: asOf(recordedAt) }), position);
    return;
  }
  const waited = await engine.waitFor(position, new Deadline(seconds).leftMs());
  void reply.header('preference-applied', `wait=${seconds}`);
  sendJson(reply, 200, JSON.stringify({ position, asOf: asOf(recordedAt), waited }), position);
}
