/** Texts that name a store without opening it: prose, prompts, lists, documents (trap C22). What a person has to read who moves it. */
import type { Code } from './code-model.ts';

export interface Mention {
  readonly path: string;
  readonly line: number;
  /** A comment, a document, a prompt. */
  readonly prose: boolean;
}

/** `path`: of a store, there or not. By path and line; lines that open it are the caller's to leave out. */
export function mentionsOf(path: string, code: Code): readonly Mention[] {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const found = new Map<string, Mention>();
  for (const [file, facts] of code.files) {
    for (const { v, at, prose } of facts.texts) {
      if (fitsPath(v, path, name)) found.set(`${file}:${at[2]}`, { path: file, line: at[2], prose: prose === true });
    }
  }
  return [...found.values()].sort((x, y) => (x.path < y.path ? -1 : x.path > y.path ? 1 : x.line - y.line));
}

/** `data/hub.db`, `./hub.db`, `sqlite:////srv/data/hub.db?mode=ro` for data/hub.db: as much as is written has to fit. */
export function fitsPath(text: string, path: string, name: string = path.slice(path.lastIndexOf('/') + 1)): boolean {
  if (!text.includes(name)) return false;
  const plain = text
    .replace(/[?#].*$/s, '')
    .replace(/^[a-z+]+:\/*/i, '')
    .replace(/^(?:\.{0,2}\/)+/, '');
  return plain === path || path.endsWith(`/${plain}`) || plain.endsWith(`/${path}`);
}
