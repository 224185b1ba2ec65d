import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { RapportEngine } from '@rapport/engine';
import { CommandsController } from './commands/commands.controller';
import { JudgeClockHandler } from './commands/judge-clock.command';
import { RetryParkedHandler } from './commands/retry-parked.command';
import { SettleHistoryHandler } from './commands/settle-history.command';
import { CONFIGURATION } from './config/configuration';
import type { ServerConfiguration } from './config/configuration';
import { DocsController } from './docs/docs.controller';
import { ArmHandler } from './effects/arm.command';
import { EffectsController } from './effects/effects.controller';
import { SetEffectsHandler } from './effects/set-effects.command';
import { ENGINE } from './engine.token';
import { Admission } from './http/admission';
import { ProblemFilter } from './http/problem.filter';
import { InboundEmailController } from './inbound/inbound-email.controller';
import { LinksRoute } from './links/links.route';
import { TouchpointsRoute } from './ingest/touchpoints.route';
import { ActionsController } from './plays/actions.controller';
import { ChannelsController } from './plays/channels.controller';
import { CommandPlayHandler } from './plays/command-play.command';
import { CustomerPlaysController } from './plays/customer-plays.controller';
import { PauseHandler } from './plays/pause.command';
import { Pausing } from './plays/pausing';
import { PlaysController } from './plays/plays.controller';
import { TemplatesController } from './plays/templates.controller';
import { HealthController } from './operations/health.controller';
import { Metrics } from './operations/metrics';
import { MetricsController } from './operations/metrics.controller';
import { StatusController } from './operations/status.controller';
import { AskHandler } from './queries/ask.query';
import { CustomersController } from './queries/customers.controller';
import { JourneysController } from './queries/journeys.controller';
import { LiveStreams } from './stream/live-streams';
import { StreamsController } from './stream/streams.controller';

/** What is made before Nest starts, and lives as long as the server. */
export interface Running {
  engine: RapportEngine;
  configuration: ServerConfiguration;
  admission: Admission;
  problems: ProblemFilter;
}

@Module({})
export class RapportModule {
  static around({ engine, configuration, admission, problems }: Running): DynamicModule {
    return {
      module: RapportModule,
      imports: [CqrsModule.forRoot()],
      // The streams come before the lists: their paths are more particular.
      controllers: [
        StreamsController,
        CustomersController,
        JourneysController,
        CommandsController,
        PlaysController,
        ChannelsController,
        CustomerPlaysController,
        ActionsController,
        EffectsController,
        StatusController,
        TemplatesController,
        InboundEmailController,
        HealthController,
        MetricsController,
        DocsController,
      ],
      providers: [
        { provide: ENGINE, useValue: engine },
        { provide: CONFIGURATION, useValue: configuration },
        { provide: Admission, useValue: admission },
        { provide: ProblemFilter, useValue: problems },
        TouchpointsRoute,
        LinksRoute,
        LiveStreams,
        Metrics,
        AskHandler,
        SettleHistoryHandler,
        RetryParkedHandler,
        JudgeClockHandler,
        CommandPlayHandler,
        PauseHandler,
        SetEffectsHandler,
        ArmHandler,
        Pausing,
      ],
    };
  }
}
