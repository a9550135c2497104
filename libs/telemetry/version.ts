import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package's version; its file lies two folders up in a checkout and three in a build. */
export function packageVersion(): string {
  for (const up of ['../..', '../../..']) {
    const version = versionIn(join(__dirname, up, 'package.json'));
    if (version !== null) return version;
  }
  return 'unknown';
}

function versionIn(file: string): string | null {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  } catch {
    return null;
  }
}
