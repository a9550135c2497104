import {
  type DynamicModule,
  Inject,
  type INestMicroservice,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { HealthChecks } from '#http/health-checks';
import { nestLogger } from '#http/nest-logger';
import { BatchStrategy } from '#stream/batch.strategy';
import { Detector, type DetectorParts } from '#apps/detector/detector';
import { PaymentEventsController } from '#apps/detector/payment-events.controller';

export interface DetectorModuleParts extends DetectorParts {
  readonly health: HealthChecks;
}

/** What the batches reach. */
@Module({})
class DetectorStreamModule {
  static around(detector: Detector): DynamicModule {
    return {
      module: DetectorStreamModule,
      controllers: [PaymentEventsController],
      providers: [{ provide: Detector, useValue: detector }],
    };
  }
}

/** Opens the microservice whose transport is our own strategy. */
class StartStream {
  constructor(
    private readonly detector: Detector,
    private readonly parts: DetectorParts,
  ) {}

  async listen(): Promise<INestMicroservice> {
    const stream = await NestFactory.createMicroservice<MicroserviceOptions>(DetectorStreamModule.around(this.detector), {
      strategy: new BatchStrategy(this.detector),
      logger: nestLogger(this.parts.logger),
      abortOnError: false,
    });
    await stream.listen();
    return stream;
  }
}

/** The detector as a microservice over the log; no routes of its own. Starts and stops with the Nest application. */
@Module({})
export class DetectorModule implements OnModuleInit, OnApplicationShutdown {
  private stream: INestMicroservice | undefined;

  constructor(@Inject(StartStream) private readonly start: StartStream) {}

  static register({ health, ...parts }: DetectorModuleParts): DynamicModule {
    const detector = new Detector(parts);
    health.live('detector', () => {
      const ageMs = Math.round(detector.progressAgeMs());
      return ageMs <= parts.config.http.progressMsMax ? null : `no progress for ${ageMs} ms`;
    });
    health.ready('detector', () => detector.storeFault());
    return {
      module: DetectorModule,
      providers: [{ provide: StartStream, useValue: new StartStream(detector, parts) }],
    };
  }

  async onModuleInit(): Promise<void> {
    this.stream = await this.start.listen();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Stores what is in memory, sends what is stored, gives the partitions back. Harmless a second time. */
  async stop(): Promise<void> {
    const stream = this.stream;
    this.stream = undefined;
    await stream?.close();
  }
}
