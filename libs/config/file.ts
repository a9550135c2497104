import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { ConfigFault } from '#config/fault';
import { isTree, type Tree } from '#config/tree';

/** Reads a YAML or JSON file (JSON is YAML). A file that is missing, broken or no mapping is a fault. */
export function readConfigFile(path: string, faults: ConfigFault[]): Tree {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    faults.push({
      where: path,
      message: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}): give the path of a YAML or JSON file`,
    });
    return {};
  }
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  for (const error of document.errors) faults.push({ where: path, message: firstLine(error.message) });
  if (document.errors.length > 0) return {};
  const content: unknown = document.toJS({ maxAliasCount: 100 });
  if (content === null || content === undefined) return {};
  if (isTree(content)) return content;
  faults.push({ where: path, message: 'expected a mapping of sections at the top' });
  return {};
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;
