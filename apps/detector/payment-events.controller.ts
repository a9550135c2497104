import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import type { PartitionBatch } from '#stream/log';
import { Detector } from '#apps/detector/detector';
import { PAYMENT_EVENTS } from '#apps/detector/detector-host';
import { SCOPE_EVENTS } from '#apps/detector/scope-host';

/** The way in: batches of `payment-events` and of `scope-events`, as the strategy hands them over. */
@Controller()
export class PaymentEventsController {
  constructor(@Inject(Detector) private readonly detector: Detector) {}

  @EventPattern(PAYMENT_EVENTS)
  onBatch(@Payload() batch: PartitionBatch): Promise<void> {
    return this.detector.batch(batch);
  }

  @EventPattern(SCOPE_EVENTS)
  onScopeBatch(@Payload() batch: PartitionBatch): Promise<void> {
    return this.detector.batch(batch);
  }
}
