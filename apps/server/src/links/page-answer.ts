import { type Opened, PAGE_SECURITY_POLICY } from '@rapport/engine';
import type { FastifyReply } from 'fastify';

/** A link that was never one, and one whose time is over. */
export const STATUS_OF_DEAD: Readonly<Record<Extract<Opened, { ok: false }>['because'], number>> = {
  unreadable: 404,
  expired: 410,
};

/**
 * The URL is a secret of its reader: nothing keeps it, and no other site is told it. The page's own form is to say where it comes
 * from, which `no-referrer` would forbid.
 */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': PAGE_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
};

export function sendPage(reply: FastifyReply, status: number, page: string): void {
  void reply.code(status).headers(HEADERS).send(page);
}
