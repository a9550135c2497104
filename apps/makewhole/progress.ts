import { SingleBar } from 'cli-progress';

export interface Progress {
  /** `done` of the total; `text` is shown beside it. */
  update(done: number, text?: string): void;
  stop(): void;
}

interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  readonly unit: string;
  readonly stream: NodeJS.WriteStream;
  readonly isTerminal: boolean;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal; elsewhere a plain line every few seconds, so that a log stays readable. */
export function openProgress(options: ProgressOptions): Progress {
  return options.isTerminal && options.total > 0 ? openBar(options) : openLines(options);
}

function openBar({ label, total, unit, stream }: ProgressOptions): Progress {
  const bar = new SingleBar({
    format: `${label} [{bar}] {percentage}% {text}`,
    stream,
    hideCursor: true,
    clearOnComplete: true,
    barsize: 30,
  });
  bar.start(total, 0, { text: unit });
  return { update: (done, text = unit) => bar.update(Math.min(done, total), { text }), stop: () => bar.stop() };
}

function openLines({ label, total, unit, stream }: ProgressOptions): Progress {
  let nextAt = Date.now() + LINE_EVERY_MS;
  let shown = '';
  return {
    update(done, text = unit) {
      if (Date.now() < nextAt || text === shown) return;
      nextAt = Date.now() + LINE_EVERY_MS;
      shown = text;
      const share = total > 0 ? `${Math.floor((100 * done) / total)}% ` : '';
      stream.write(`${label} ${share}${text}\n`);
    },
    stop: () => undefined,
  };
}
