/**
 * The pages behind links in messages. GET shows and never acts: mail scanners follow links. POST acts: from the page, or a mail
 * provider's one click (RFC 8058). The sealed token alone says who asks and what for. Registered on Fastify itself, since forms
 * are taken on this route and on no other.
 */
import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import {
  answerId,
  type AnyClaims,
  deadLinkPage,
  type IngestAnswer,
  LINK_PATH,
  linkPage,
  type RapportEngine,
  type SealedLinks,
  sealedLinksOf,
  surveyAnswer,
  thanksPage,
  unsubscription,
} from '@rapport/engine';
import type { Touchpoint } from '@rapport/journey';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CONFIGURATION } from '../config/configuration';
import type { ServerConfiguration } from '../config/configuration';
import { LINK_FORM_BYTES_MAX } from '../config/limits';
import { ENGINE } from '../engine.token';
import { ProblemFilter } from '../http/problem.filter';
import { FORM_TYPES, type FormFields, formFields } from './form-fields';
import { NewestAnswers } from './newest-answers';
import { sendPage, STATUS_OF_DEAD } from './page-answer';

type LinkRequest = FastifyRequest<{ Params: { token: string } }>;
type Meant = ReturnType<typeof surveyAnswer>;
type Act = (claims: AnyClaims, request: LinkRequest, reply: FastifyReply) => void | Promise<void>;

@Injectable()
export class LinksRoute implements OnModuleInit {
  private readonly newest = new NewestAnswers();
  private links: SealedLinks | undefined;

  constructor(
    @Inject(ENGINE) private readonly engine: RapportEngine,
    @Inject(CONFIGURATION) private readonly configuration: ServerConfiguration,
    @Inject(ProblemFilter) private readonly problems: ProblemFilter,
    @Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    void fastify.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      const asBytes = { parseAs: 'buffer', bodyLimit: LINK_FORM_BYTES_MAX } as const;
      scope.addContentTypeParser([...FORM_TYPES], asBytes, (_request, body, parsed) => parsed(null, body));
      const answer =
        (act: Act) =>
        (request: LinkRequest, reply: FastifyReply): Promise<void> =>
          this.answer(request, reply, act);
      const path = `${LINK_PATH}:token`;
      scope.get(
        path,
        answer((claims, _request, reply) => sendPage(reply, 200, linkPage(claims))),
      );
      scope.post(
        path,
        answer((claims, request, reply) => this.act(claims, request, reply)),
      );
      done();
    });
  }

  private async answer(request: LinkRequest, reply: FastifyReply, act: Act): Promise<void> {
    try {
      const opened = this.sealed().open(request.params.token, Date.now());
      if (!opened.ok) sendPage(reply, STATUS_OF_DEAD[opened.because], deadLinkPage(opened.because));
      else if (await this.isAnswered(opened.claims)) sendPage(reply, 200, thanksPage('answer'));
      else await act(opened.claims, request, reply);
    } catch (error) {
      this.problems.answer(error, request, reply);
    }
  }

  private async act(claims: AnyClaims, request: LinkRequest, reply: FastifyReply): Promise<void> {
    const meant = meaning(claims, formFields(request.headers['content-type'] ?? '', request.body), Date.now());
    if (!meant.ok) return sendPage(reply, 422, linkPage(claims, meant.problem));
    const stored = await this.store(meant.touchpoint);
    if (stored.ok) return sendPage(reply, 200, thanksPage(claims.kind));
    void reply.header('retry-after', String(stored.retryAfterSeconds));
    sendPage(reply, 503, linkPage(claims, 'That did not work. Please try again in a moment.'));
  }

  private async store(touchpoint: Touchpoint): Promise<{ ok: true } | Exclude<IngestAnswer, { ok: true }>> {
    const { touchpointId } = touchpoint;
    if (!this.newest.take(touchpointId)) return { ok: true };
    let stored: IngestAnswer | undefined;
    try {
      return (stored = await this.engine.ingest([touchpoint]));
    } finally {
      if (stored?.ok !== true) this.newest.giveBack(touchpointId);
    }
  }

  /** The first answer counts: whoever comes back with another is thanked, and nothing is stored. */
  private async isAnswered({ kind, customerId, action }: AnyClaims): Promise<boolean> {
    if (kind !== 'answer') return false;
    const params = { customerId, touchpointId: answerId(action) };
    return (await this.engine.query({ name: 'touchpoint', params })).found;
  }

  /** Made when the first link is opened: the store's own secret lies in its folder. */
  private sealed(): SealedLinks {
    return (this.links ??= sealedLinksOf(this.engine.data, this.configuration.messages));
  }
}

function meaning(claims: AnyClaims, form: FormFields, now: number): Meant {
  if (claims.kind === 'answer') return surveyAnswer(claims, form, now);
  return { ok: true, touchpoint: unsubscription(claims, form['everything'] === 'yes', now) };
}
