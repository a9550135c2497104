import type { DecodedBatch, Outgoing, Stage } from '#stream/stage';

import { DueKeys } from '#apps/makewhole/verify/due-keys';
import type {
  EngineRun,
  FiredDeadline,
  LoggedRecord,
  SaidMessage,
  SlimRow,
  Timekeeping,
  ToldFinding,
} from '#apps/makewhole/verify/sources';

/**
 * One partition run as plainly as it can be: every state in one Map, no batch, no checkpoint, no commit, no restart. What the
 * services do over crashes, takeovers and cold starts must come to the same.
 */
export class PlainPartition<State, Event, Shared> {
  private readonly states = new Map<string, State>();
  private readonly due = new DueKeys();
  private readonly shared: Shared;
  private readonly out: Outgoing[] = [];
  private readonly findings = new Map<string, ToldFinding>();
  private readonly said: SaidMessage[] = [];
  private readonly fired: FiredDeadline[] = [];
  private readonly slim: SlimRow[] = [];
  private offset = 0;
  private watermark = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly stage: Stage<State, Event, Shared>,
    private readonly futureMs: number,
  ) {
    this.shared = stage.newShared();
  }

  run(records: readonly LoggedRecord[], time: Timekeeping, until: number): EngineRun {
    const marks = typeof time === 'string' ? [] : [...time].sort((a, b) => a.offset - b.offset);
    let marked = 0;
    for (const record of records) {
      this.offset = record.offset;
      for (let mark = marks[marked]; mark && mark.offset <= record.offset; mark = marks[++marked]) this.advance(mark.watermark);
      this.record(record, time === 'clock');
    }
    this.offset = (records.at(-1)?.offset ?? -1) + 1;
    this.advance(until);
    return { findings: this.findings, said: this.said, fired: this.fired, slim: this.slim };
  }

  private record(record: LoggedRecord, followsClock: boolean): void {
    const decoded = this.stage.decode(record);
    if (decoded.kind === 'batch') return this.batch(record, decoded, followsClock);
    if (decoded.kind !== 'event' || decoded.at > record.appendedAt + this.futureMs) return;
    const { key, at, event } = decoded;
    this.advance((followsClock ? Math.max(at, record.appendedAt) : at) - this.stage.latenessMs);
    this.apply(record, key, event);
  }

  private batch(record: LoggedRecord, { origin, parts }: DecodedBatch<Event>, followsClock: boolean): void {
    const earliest = Math.min(...parts.map(({ at }) => at));
    if (parts.length > 0) this.advance((followsClock ? Math.max(earliest, record.appendedAt) : earliest) - this.stage.latenessMs);
    if (this.stage.admit?.(this.shared, origin) === false) return;
    for (const { key, at, event } of parts) {
      this.advance(at - this.stage.latenessMs);
      this.apply(record, key, event);
    }
  }

  private apply(record: LoggedRecord, key: string, event: Event): void {
    const state = this.states.get(key) ?? this.stage.newState(key);
    this.states.set(key, state);
    this.stage.apply(state, event, this.shared, this.watermark, record, this.out);
    this.tell();
    if (this.stage.nextDeadline(state) <= this.watermark) this.fire(key, state, this.watermark);
    this.due.set(key, this.stage.nextDeadline(state));
  }

  private advance(until: number): void {
    for (let next = this.due.pop(until); next; next = this.due.pop(until)) {
      const state = this.states.get(next.key) as State;
      this.watermark = Math.max(this.watermark, next.at);
      this.fire(next.key, state, next.at);
      this.due.set(next.key, this.stage.nextDeadline(state));
    }
    this.watermark = Math.max(this.watermark, until);
  }

  private fire(accountId: string, state: State, until: number): void {
    for (const { name, subject, at } of this.stage.fire(state, this.shared, until, this.out))
      this.fired.push({ accountId, name, subject, at });
    this.tell();
  }

  private tell(): void {
    for (const emission of this.out.splice(0)) {
      if (emission.kind === 'slim') {
        const { group, cells, sumFrom } = emission;
        this.slim.push({ group, cells: [this.offset, ...cells], sumFrom: sumFrom === undefined ? undefined : sumFrom + 1 });
        continue;
      }
      const { id, body, kind } = emission;
      this.said.push({ id, value: body, at: this.watermark });
      if (kind !== 'finding') continue;
      const { finding } = (JSON.parse(body) as { data: { finding: Omit<ToldFinding, 'text'> } }).data;
      this.findings.set(finding.findingId, { ...finding, text: JSON.stringify(finding) });
    }
  }
}
