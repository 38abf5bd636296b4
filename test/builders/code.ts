/** Code of hand-made files for tests of detectors: read by the real front ends, declared tables found in plain SQL by hand. */
import type { Code } from '../../src/audit/code-model.ts';
import type { FileFacts } from '../../src/code/facts.ts';
import { languageOf, loadLanguage } from '../../src/code/languages.ts';
import { NO_CODE } from './facts.ts';

export async function codeOf(texts: Readonly<Record<string, string>>, more: Partial<Code> = {}): Promise<Code> {
  const files = new Map<string, FileFacts>();
  for (const [path, text] of Object.entries(texts)) {
    const id = languageOf(path);
    if (id !== undefined) files.set(path, (await loadLanguage(id)).structure(text, path));
  }
  return {
    ...NO_CODE,
    files,
    structureOf: (path) => files.get(path) as FileFacts,
    lineOf: (path, line) => (texts[path]?.split(/\r?\n/)[line - 1] ?? '').trim(),
    ...more,
  };
}
