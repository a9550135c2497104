import { type InstantMs, NEVER } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import type { Applied, Decoded, Emission, FiredDeadline, Stage } from '#stream/stage';

/** An errand is begun and should be ended before it is due; every event leaves a trace of all that the stage was given. */
export interface ToyEvent {
  readonly id: string;
  readonly key: string;
  readonly at: InstantMs;
  readonly act: 'begin' | 'end' | 'teach' | 'throw';
  readonly errand: string;
  readonly due?: InstantMs;
}

export interface ToyState {
  readonly seen: string[];
  readonly due: Record<string, InstantMs>;
  readonly late: string[];
  /** Folds in event, watermark and shared state: two histories that differ anywhere differ here. */
  trace: number;
}

export interface ToyShared {
  taught: string[];
  version: number;
}

const mix = (trace: number, text: string): number => {
  let hash = trace;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
};

/** A small stage for tests of the runtime: deadlines, duplicates, shared state, bad records and faults, with an answer for each. */
export class ToyStage implements Stage<ToyState, ToyEvent, ToyShared> {
  readonly name = 'toy';
  readonly latenessMs = 1_000;

  decode(record: LogRecord): Decoded<ToyEvent> {
    const text = record.value?.toString() ?? '';
    if (text === 'ignored') return { kind: 'ignored' };
    if (!text.startsWith('{')) return { kind: 'dead', letter: { reason: 'not-json', bytes: Buffer.from('xxx') } };
    const event = JSON.parse(text) as ToyEvent;
    return { kind: 'event', key: event.key, at: event.at, event };
  }

  identify(event: ToyEvent): { source: string; id: string } {
    return { source: 'toy', id: event.id };
  }

  redact(): Buffer {
    return Buffer.from('redacted');
  }

  newState(): ToyState {
    return { seen: [], due: {}, late: [], trace: 0 };
  }

  newShared(): ToyShared {
    return { taught: [], version: 0 };
  }

  sharedVersion(shared: ToyShared): number {
    return shared.version;
  }

  apply(state: ToyState, event: ToyEvent, shared: ToyShared, watermark: InstantMs, _: LogRecord, out: Emission[]): Applied {
    if (event.act === 'throw') throw new Error('a fault of ours');
    state.trace = mix(state.trace, `${event.id}|${watermark}|${shared.taught.join()}`);
    if (state.seen.includes(event.id)) return { kind: 'duplicate' };
    state.seen.push(event.id);
    if (event.act === 'teach' && !shared.taught.includes(event.errand)) {
      shared.taught.push(event.errand);
      shared.version += 1;
    }
    if (event.act === 'begin') state.due[event.errand] = event.due ?? event.at + 5_000;
    if (event.act === 'end') {
      delete state.due[event.errand];
      if (state.late.includes(event.errand)) this.tell(out, event.key, event.errand, 'ended late');
    }
    out.push({
      id: `trace-${event.key}`,
      topic: 'traces',
      key: event.key,
      body: JSON.stringify({ trace: state.trace }),
      digest: String(state.trace),
      kind: 'message',
    });
    return { kind: 'applied' };
  }

  nextDeadline(state: ToyState): InstantMs {
    return Math.min(NEVER, ...Object.values(state.due));
  }

  fire(state: ToyState, shared: ToyShared, until: InstantMs, out: Emission[]): readonly FiredDeadline[] {
    const fired = Object.entries(state.due)
      .filter(([, due]) => due <= until)
      .sort(([one, dueOne], [other, dueOther]) => dueOne - dueOther || (one < other ? -1 : 1));
    for (const [errand, due] of fired) {
      delete state.due[errand];
      state.late.push(errand);
      state.trace = mix(state.trace, `fired ${errand} ${due} ${shared.taught.join()}`);
      this.tell(out, errand.split(':')[0]!, errand, 'late');
    }
    return fired.map(([errand, at]) => ({ name: 'errand', subject: errand, at }));
  }

  encode(state: ToyState): string {
    return JSON.stringify(state);
  }

  decodeState(text: string): ToyState {
    return JSON.parse(text) as ToyState;
  }

  encodeShared(shared: ToyShared): string {
    return JSON.stringify(shared.taught);
  }

  decodeShared(text: string): ToyShared {
    return { taught: JSON.parse(text) as string[], version: 0 };
  }

  private tell(out: Emission[], key: string, errand: string, what: string): void {
    out.push({
      id: `finding-${errand}`,
      topic: 'findings',
      key,
      body: JSON.stringify({ errand, what }),
      digest: what,
      kind: 'finding',
    });
  }
}
