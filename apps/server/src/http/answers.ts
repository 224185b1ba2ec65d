import type { FastifyReply } from 'fastify';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const POSITION_HEADER = 'rapport-position';

/** Sends JSON that is ready, with the position that it is true for. */
export function sendJson(reply: FastifyReply, status: number, json: string, position: number): void {
  void reply
    .code(status)
    .header('content-type', JSON_TYPE)
    .header('cache-control', 'no-store')
    .header(POSITION_HEADER, String(position))
    .send(json);
}

/** The member `position` and when that was, for answers that are built here. */
export const asOf = (recordedAt: number): string => new Date(recordedAt).toISOString();
