import type { WriteStream } from 'node:tty';
import { openProgress, type Progress } from '#apps/makewhole/progress';

/** Where a command writes: data to standard output, everything else to standard error. */
export interface Terminal {
  /** Data, one line. */
  print(line: string): void;
  /** A message for the person, one line. */
  note(line: string): void;
  error(message: string): void;
  /** The inside of an unexpected failure: only shown with `--verbose`. */
  detail(text: string): void;
  progress(label: string, total: number, unit: string): Progress;
  strong(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  verbose: boolean;
}

/** `hasColors` follows NO_COLOR and FORCE_COLOR; a pipe has no such method and gets plain text. */
export function openTerminal(out: NodeJS.WriteStream, messages: NodeJS.WriteStream): Terminal {
  messages.on('error', () => undefined);
  const isTerminal = messages.isTTY === true;
  const colours = isTerminal && (messages as WriteStream).hasColors();
  const paint = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text);
  const bad = paint(31);
  const note = (line: string) => void messages.write(`${line}\n`);
  return {
    print: (line) => void out.write(`${line}\n`),
    note,
    error: (message) => note(`${bad('makewhole:')} ${message}`),
    detail(text) {
      if (this.verbose) note(text);
    },
    progress: (label, total, unit) => openProgress({ label, total, unit, stream: messages, isTerminal }),
    strong: paint(1),
    good: paint(32),
    bad,
    verbose: false,
  };
}
