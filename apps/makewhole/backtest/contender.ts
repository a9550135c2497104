import { CaseBook } from '#action/case-book';
import type { Policy } from '#action/policy';
import type { Case } from '#case/case';
import type { Config } from '#config/config';
import type { Finding } from '#detection/finding';
import type { InstantMs } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import { AccountReplay, type ReplayCounts, type Said } from '#apps/makewhole/replay/account-replay';
import { BlockFile, type Place } from '#apps/makewhole/replay/block-file';
import { messageOf, timeOf } from '#apps/makewhole/replay/message';
import { orderSaid } from '#apps/makewhole/replay/order-said';
import { ScopeReplay } from '#apps/makewhole/replay/scope-replay';
import { scopeStageOf, stageOf } from '#apps/makewhole/replay/stage';

/** One of the two configurations, as it is compared. */
export interface Side {
  /** Its file, or `defaults`. */
  readonly name: string;
  readonly config: Config;
  readonly policy: Policy;
}

/** What a comparison asks of a finding; the whole of it stays in a file. */
export type FindingBrief = Pick<
  Finding,
  'findingId' | 'kind' | 'confidence' | 'status' | 'mode' | 'accountId' | 'orderId' | 'paymentIds' | 'loss'
>;

export interface Outcome {
  readonly counts: ReplayCounts;
  /** By id, each as it was said last. */
  readonly findings: ReadonlyMap<string, FindingBrief>;
  readonly cases: readonly Case[];
  /** The whole of a finding as it was said last. */
  whole(findingId: string): Finding;
}

interface SaidLine {
  readonly key: string;
  readonly at: InstantMs;
  readonly place: Place;
}

/**
 * One configuration over a stream of events. What it says is put away in a temporary file, with some hundred bytes a line in
 * memory; accounts beyond the configured number go there too. Memory grows with findings and cases, not with events.
 */
export class Contender {
  private readonly file = new BlockFile();
  private readonly said: SaidLine[] = [];
  private readonly run;
  private readonly scopes: ScopeReplay;

  constructor(private readonly side: Side) {
    const { stream } = side.config;
    const putAway = ({ key, at, emission }: Said): void =>
      void this.said.push({ key, at, place: this.file.write(JSON.stringify(messageOf(emission)), undefined) });
    this.scopes = new ScopeReplay(() => scopeStageOf(side.config), { said: putAway, score: () => undefined });
    this.run = new AccountReplay(
      stageOf(side.config),
      {
        said: putAway,
        slim: (emission) => this.scopes.hear(emission),
        deadLetter: () => undefined,
        quarantine: () => ({ reason: 'future-event', bytes: Buffer.alloc(0) }),
        timeOf,
      },
      { statesMax: Math.ceil(stream.statesMax / 2), futureMs: stream.futureMs },
    );
  }

  record(record: LogRecord): void {
    this.run.record(record);
  }

  /** After the last record: what is due by `until` falls due, and policy decides in the order in which things became true. */
  finish(until: InstantMs): Outcome {
    const endAt = this.run.finish(until);
    this.scopes.finish(endAt);
    const book = new CaseBook({ policy: this.side.policy, clocks: this.side.config.clocks, sends: true });
    const findings = new Map<string, FindingBrief>();
    const places = new Map<string, Place>();
    for (const { at, place } of orderSaid(this.said)) {
      const message = this.read(place);
      if (message === null) continue;
      if (message.type === 'finding') {
        const { findingId } = message.finding;
        findings.set(findingId, briefOf(message.finding));
        places.set(findingId, place);
      }
      book.feed(message, at);
    }
    book.advance(endAt);
    return {
      counts: this.run.counts,
      findings,
      cases: book.cases(),
      whole: (findingId) => {
        const message = this.read(places.get(findingId)!);
        if (message?.type !== 'finding') throw new Error(`nothing was said of finding ${findingId}`);
        return message.finding;
      },
    };
  }

  close(): void {
    this.file.close();
  }

  private read(place: Place): ReturnType<typeof messageOf> {
    return JSON.parse(this.file.read(place)) as ReturnType<typeof messageOf>;
  }
}

const briefOf = ({ findingId, kind, confidence, status, mode, accountId, orderId, paymentIds, loss }: Finding): FindingBrief => ({
  findingId,
  kind,
  confidence,
  status,
  ...(mode === undefined ? {} : { mode }),
  accountId,
  ...(orderId === undefined ? {} : { orderId }),
  paymentIds,
  loss,
});
