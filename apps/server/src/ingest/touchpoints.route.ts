/**
 * POST /v1/touchpoints: the hot path. Registered on Fastify itself, so that no pipe, guard or interceptor of the framework
 * stands between a body and the engine.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { IngestAnswer, RapportEngine } from '@rapport/engine';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { POSITION_HEADER, sendJson, sendJsonLean } from '../http/answers';
import { parseJsonBody } from '../http/json-body';
import { Problem, tryLater } from '../http/problem';
import { ProblemFilter, sendProblem } from '../http/problem.filter';
import { ENGINE } from '../engine.token';
import { checkItems } from './checked-items';
import type { CheckedItems } from './checked-items';
import { allAcceptedJson, ingestBody } from './ingest-answer';
import { Deadline, preferredWait } from './prefer';
import { waitForResult } from './wait-for-result';

type Refused = Extract<IngestAnswer, { ok: false }>;
type Stored = Extract<IngestAnswer, { ok: true }>;

@Injectable()
export class TouchpointsRoute implements OnModuleInit {
  constructor(
    @Inject(ENGINE) private readonly engine: RapportEngine,
    @Inject(ProblemFilter) private readonly problems: ProblemFilter,
    @Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    fastify.post('/v1/touchpoints', (request, reply) => this.handle(request, reply));
  }

  private handle(request: FastifyRequest, reply: FastifyReply): void {
    try {
      const checked = checkItems(parseJsonBody(request.body), Date.now());
      if (checked.touchpoints.length === 0) {
        sendProblem(reply, request, this.allRejected(checked));
        return;
      }
      this.engine.ingest(checked.touchpoints).then(
        (answer) => this.answer(request, reply, checked, answer),
        (error: unknown) => this.problems.answer(error, request, reply),
      );
    } catch (error) {
      this.problems.answer(error, request, reply);
    }
  }

  private answer(request: FastifyRequest, reply: FastifyReply, checked: CheckedItems, answer: IngestAnswer): void {
    if (!answer.ok) {
      sendProblem(reply, request, notStored(answer));
      return;
    }
    const wait = preferredWait(request.headers.prefer);
    if (wait !== undefined) {
      this.answerLater(reply, checked, answer, wait).catch((error: unknown) =>
        this.problems.answer(error, request, reply),
      );
    } else if (checked.errors === undefined) {
      sendJsonLean(reply, allAcceptedJson(checked, answer.position), answer.position);
    } else {
      sendJson(reply, 207, JSON.stringify(ingestBody(checked, answer.position)), answer.position);
    }
  }

  private async answerLater(
    reply: FastifyReply,
    checked: CheckedItems,
    stored: Stored,
    seconds: number,
  ): Promise<void> {
    const { position, ...waited } = await waitForResult(
      this.engine,
      checked.touchpoints,
      stored,
      new Deadline(seconds),
    );
    void reply.header('preference-applied', `wait=${seconds}`);
    const status = checked.errors === undefined ? 200 : 207;
    sendJson(reply, status, JSON.stringify(ingestBody(checked, position, waited)), position);
  }

  /** 422: a problem document that has the results too. Nothing was stored, so the position is the log's head. */
  private allRejected(checked: CheckedItems): Problem {
    const position = this.engine.status().head;
    const members = ingestBody(checked, position);
    const count = checked.items.length;
    return new Problem(
      'allRejected',
      count === 1
        ? 'The touchpoint was refused; the result says why.'
        : `All ${count} touchpoints were refused; the results say why.`,
      {
        members,
        headers: { [POSITION_HEADER]: String(position) },
      },
    );
  }
}

/** An answer that nothing was stored, as a problem. */
export function notStored(answer: Refused): Problem {
  return tryLater(answer.reason, answer.detail, answer.retryAfterSeconds);
}
