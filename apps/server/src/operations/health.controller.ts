import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { RapportEngine, StatusSnapshot } from '@rapport/engine';
import type { FastifyReply } from 'fastify';
import { ENGINE } from '../engine.token';
import { sendJson } from '../http/answers';
import { Problem } from '../http/problem';
import { PARAMETERS } from '../http/validation';
import { NoParameters } from '../queries/list-parameters';
import { dispatchView } from './status-view';

const RETRY_AFTER_SECONDS = 5;

@Controller('health')
export class HealthController {
  constructor(@Inject(ENGINE) private readonly engine: RapportEngine) {}

  /** The process answers. */
  @Get('live')
  live(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    sendJson(reply, 200, '{"status":"live"}', this.engine.status().readModels);
  }

  /** Touchpoints are taken and decided on. */
  @Get('ready')
  ready(@Query(PARAMETERS) _none: NoParameters, @Res() reply: FastifyReply): void {
    const status = this.engine.status();
    const reasons = reasonsAgainst(status);
    if (reasons.length > 0) throw notReady(reasons, status);
    const body = {
      status: 'ready',
      position: status.readModels,
      head: status.head,
      lagEvents: status.lagEvents,
      lagSeconds: status.lagSeconds,
      // Touchpoints are taken all the same; what is not sent is seen here.
      ...(status.dispatch && { dispatch: dispatchView(status.dispatch) }),
    };
    sendJson(reply, 200, JSON.stringify(body), status.readModels);
  }
}

function reasonsAgainst(status: StatusSnapshot): string[] {
  const reasons: string[] = [];
  if (!status.ready) reasons.push(`The log is still being read: ${status.lagEvents} events are left.`);
  if (status.unavailable !== undefined) {
    reasons.push(
      `Touchpoints are not taken since ${new Date(status.unavailable.since).toISOString()}: ${status.unavailable.detail}`,
    );
  }
  if (status.clock?.suspect === true) {
    reasons.push(`The clock is not believed: ${status.clock.detail} Judge it with POST /v1/clock.`);
  }
  return reasons;
}

function notReady(reasons: string[], status: StatusSnapshot): Problem {
  return new Problem('unavailable', reasons.join(' '), {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
    members: { reasons, position: status.readModels },
  });
}
