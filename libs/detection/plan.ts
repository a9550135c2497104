import type { AnyEvent } from '#event/event';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import type { Detector, SubjectKind } from '#detection/detector';
import { duplicateCharge } from '#detection/duplicate-charge';
import { laterTwins, twinCharge } from '#detection/twin-charge';
import type { DetectionSettings } from '#detection/settings';

/** Runs one detector on one subject and tells what changed. */
export type Assess = <Subject extends { readonly id: string }>(detector: Detector<Subject>, subject: Subject) => void;

/** Which detectors an event concerns, and which detector a stored deadline belongs to. */
export interface Plan {
  run(event: AnyEvent, touched: Touched, ledger: Ledger, assess: Assess): void;
  rerun(detector: string, subject: string, ledger: Ledger, assess: Assess): boolean;
}

type Subjects = (ledger: Ledger, id: string) => { readonly id: string } | undefined;

const subjects: Readonly<Record<SubjectKind, Subjects>> = {
  order: (ledger, id) => findById(ledger.orders, id),
  payment: (ledger, id) => findById(ledger.payments, id),
  refund: (ledger, id) => findById(ledger.refunds, id),
  freeze: (ledger, id) => findById(ledger.freezes, id),
  account: () => undefined,
  side: () => undefined,
};

export function createPlan(settings: DetectionSettings): Plan {
  const duplicates = duplicateCharge(settings['duplicate-charge']);
  const twins = twinCharge(settings['duplicate-charge']);
  const byName = new Map<string, Detector<never>>(
    [duplicates, twins].map((detector) => [detector.name, detector as Detector<never>]),
  );

  const runOrder = (ledger: Ledger, orderId: string, assess: Assess): void => {
    const order = findById(ledger.orders, orderId);
    if (order === undefined) return;
    assess(duplicates, order);
  };
  const runPayment = (ledger: Ledger, payment: Payment, assess: Assess): void => {
    assess(twins, payment);
    for (const later of laterTwins(ledger, payment, settings['duplicate-charge'])) assess(twins, later);
    runOrder(ledger, payment.orderId, assess);
  };

  return {
    run(_event, touched, ledger, assess) {
      if (touched.payment !== undefined) runPayment(ledger, touched.payment, assess);
      else if (touched.order !== undefined) runOrder(ledger, touched.order.id, assess);
    },
    rerun(detector, subject, ledger, assess) {
      const found = byName.get(detector);
      const item = found && subjects[found.subject](ledger, subject);
      if (found === undefined || item === undefined) return false;
      assess(found as Detector<{ readonly id: string }>, item);
      return true;
    },
  };
}
