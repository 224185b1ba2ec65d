import { Body, Controller, Headers, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { type IngestAnswer, type RapportEngine, type ReadReport, readReport } from '@rapport/engine';
import type { Touchpoint } from '@rapport/journey';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { sendJson } from '../http/answers';
import { Problem } from '../http/problem';
import { JsonBody, PARAMETERS } from '../http/validation';
import { Deadline, preferredWait } from '../ingest/prefer';
import { notStored } from '../ingest/touchpoints.route';
import { NoParameters } from '../queries/list-parameters';
import { InboundEmailBody } from './inbound-email.body';

/** What comes back by e-mail: bounces, spam complaints, replies. It is a touchpoint like any other. */
@Controller('v1/inbound')
export class InboundEmailController {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  @Post('email')
  @HttpCode(200)
  async email(
    @Body(new JsonBody()) report: InboundEmailBody,
    @Query(PARAMETERS) _none: NoParameters,
    @Headers('prefer') prefer: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = await readReport(this.engine, report, Date.now());
    if (!read.ok) throw unreadable(read);
    const stored = await this.engine.ingest([read.touchpoint]);
    if (!stored.ok) throw notStored(stored);
    await this.answer(reply, read.touchpoint, stored, preferredWait(prefer));
  }

  private async answer(
    reply: FastifyReply,
    { customerId, touchpointId }: Touchpoint,
    { position, positions }: Extract<IngestAnswer, { ok: true }>,
    seconds: number | undefined,
  ): Promise<void> {
    const taken = { customerId, touchpointId, status: 'accepted', position };
    if (seconds === undefined) return sendJson(reply, 200, JSON.stringify(taken), position);
    const waited = await this.engine.waitFor(position, new Deadline(seconds).leftMs());
    const [status = 'accepted'] = waited ? await this.engine.outcomes(positions) : [];
    void reply.header('preference-applied', `wait=${seconds}`);
    sendJson(reply, 200, JSON.stringify({ ...taken, status, waited }), position);
  }
}

function unreadable(read: Exclude<ReadReport, { ok: true }>): Problem {
  const { because, detail } = read;
  if (because !== 'invalid') return new Problem(because, detail);
  const pointer = `#/${read.field}`;
  return new Problem('invalidBody', `${pointer}: ${detail}`, { errors: [{ pointer, detail, code: 'invalid' }] });
}
