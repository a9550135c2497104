import type { AnyEvent } from '#event/event';
import { NEVER, type InstantMs } from '#kernel/time';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import type { Payment } from '#ledger/payment';
import type { AccountState } from '#detection/account-state';
import type { Claim } from '#detection/claim';
import type { Coverage } from '#detection/coverage';
import { setDeadline, type Deadline } from '#detection/deadlines';
import { detectorNames, type Detector } from '#detection/detector';
import { factsDigest, findingEmission, paymentEmission, type Outgoing } from '#detection/emission';
import type { FindingKind, PaymentFacts } from '#detection/finding';
import { applyModes, isOff, kindsOf, modeOf, modesText, readModes, type DetectorModes } from '#detection/mode';
import { paymentFacts } from '#detection/payment-facts';
import { createPlan, type Assess } from '#detection/plan';
import type { DetectionSettings } from '#detection/settings';
import { tellDifferences, type Told } from '#detection/told';

export interface Engine {
  onEvent(state: AccountState, event: AnyEvent, touched: Touched, coverage: Coverage, out: Outgoing[]): void;
  /** Providers' feeds have shown more than before: what could not be missed may be now. */
  onCoverage(state: AccountState, coverage: Coverage, out: Outgoing[]): void;
  onDeadline(state: AccountState, deadline: Deadline, coverage: Coverage, out: Outgoing[]): void;
}

/** Hears of each finding as it is said. */
export type OnTold = (told: Told, accountId: string, out: Outgoing[]) => void;

/**
 * Asks the detectors that an event or a deadline concerns, keeps their deadlines, and says what differs from what was told. One
 * object serves all accounts of a thread: it holds no account's data between two calls.
 */
export function createEngine(settings: DetectionSettings, modes: DetectorModes = {}, onTold?: OnTold): Engine {
  const plan = createPlan(settings);
  const judgedBy = modesText(modes);
  const off = new Set<string>(detectorNames.filter((name) => isOff(modes, name)));
  const isSilent = (kind: FindingKind): boolean => modeOf(modes, kind) === 'off';
  const claims: Claim[] = [];
  const view: { ledger: Ledger; now: InstantMs; coverage: Coverage } = {
    ledger: undefined as unknown as Ledger,
    now: -NEVER,
    coverage: undefined as unknown as Coverage,
  };
  let state = undefined as unknown as AccountState;
  let out = undefined as unknown as Outgoing[];

  const enter = (next: AccountState, coverage: Coverage, now: InstantMs, emissions: Outgoing[]): void => {
    state = next;
    out = emissions;
    view.ledger = next.ledger;
    view.coverage = coverage;
    view.now = now;
  };

  const assess: Assess = (detector, subject) => {
    if (off.size > 0 && off.has(detector.name)) return;
    // Setting a length costs a call into the engine, also from 0 to 0.
    if (claims.length > 0) claims.length = 0;
    const due = detector.assess(subject, view, claims);
    if (judgedBy !== '' && claims.length > 0) applyModes(modes, claims);
    if (due !== NEVER || state.deadlines.length > 0) setDeadline(state, detector.name, subject.id, due);
    if (claims.length > 0 || state.told.length > 0) tell(detector, subject.id);
  };

  const tell = (detector: Detector<never>, subject: string): void =>
    tellDifferences(
      state.told,
      {
        detector: detector.name,
        subject,
        accountId: state.ledger.accountId,
        knowsSince: detector.knowsSince?.(state.ledger) ?? -NEVER,
        isSilent,
      },
      claims,
      say,
    );

  const say = (told: Told): void => {
    const { ledger } = state;
    const payments = told.finding.paymentIds.flatMap((id): PaymentFacts[] => {
      const payment = findById(ledger.payments, id);
      if (payment === undefined) return [];
      const facts = paymentFacts(ledger, payment, view.coverage);
      payment.toldFacts = factsDigest(facts);
      return [facts];
    });
    out.push(findingEmission(told, ledger.accountId, payments));
    onTold?.(told, ledger.accountId, out);
  };

  const tellFacts = (payment: Payment): void => {
    const facts = paymentFacts(state.ledger, payment, view.coverage);
    const digest = factsDigest(facts);
    if (digest === payment.toldFacts) return;
    payment.toldFacts = digest;
    out.push(paymentEmission(facts));
  };

  /**
   * The modes were changed since the account was last judged: a detector that is off waits for nothing any more, and one whose kinds
   * changed looks at everything again, so that what it missed is told and what it told is told in its new mode.
   */
  const changeModes = (): void => {
    const before = readModes(state.judgedBy);
    state.judgedBy = judgedBy;
    state.deadlines = state.deadlines.filter(({ detector }) => !off.has(detector));
    for (const name of detectorNames)
      if (!off.has(name) && kindsOf(name).some((kind) => modeOf(before, kind) !== modeOf(modes, kind)))
        plan.rerunAll(name, state.ledger, assess);
  };

  return {
    onEvent(next, event, touched, coverage, emissions) {
      enter(next, coverage, next.judgedUntil, emissions);
      if (next.judgedBy !== judgedBy) changeModes();
      plan.run(event, touched, next.ledger, assess);
      const { payment } = touched;
      if (payment !== undefined && payment.toldFacts !== '') tellFacts(payment);
    },
    onCoverage(next, coverage, emissions) {
      enter(next, coverage, next.judgedUntil, emissions);
      plan.runCovered(next.ledger, assess);
    },
    onDeadline(next, { detector, subject, at }, coverage, emissions) {
      if (at > next.judgedUntil) next.judgedUntil = at;
      enter(next, coverage, next.judgedUntil, emissions);
      if (next.judgedBy !== judgedBy) changeModes();
      if (off.has(detector)) return setDeadline(next, detector, subject, NEVER);
      if (!plan.rerun(detector, subject, next.ledger, assess)) setDeadline(next, detector, subject, NEVER);
    },
  };
}
