/**
 * Where texts of the project name a folder or a file, whatever for. Nobody can tell from that alone what becomes of it: it is evidence for
 * who decides.
 */
import type { Measured } from '../measured.ts';

export interface Mention {
  readonly path: string;
  readonly line: number;
  /** In a text for people. */
  readonly prose: boolean;
  readonly text: string;
}

const LARGE = 1_000_000;

/** Bounded on both sides: `hub` is not in `github`. Ordered by path and line; desprawl's own files are no mention. */
export function mentionsOf(name: string, on: Measured): readonly Mention[] {
  const { files } = on.audit.code;
  const pattern = new RegExp(`(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
  const found: Mention[] = [];
  for (const path of [...files.keys()].sort()) {
    const facts = files.get(path);
    const state = facts === undefined || facts.read === 'none' ? undefined : on.stateOf(path);
    if (state?.kind !== 'file' || state.bytes > LARGE || /(?:^|\/)\.?desprawl[\w.-]*\.ya?ml$/.test(path)) continue;
    const text = on.read(path).toString('utf8');
    if (!text.includes(name)) continue;
    for (const [i, line] of text.split('\n').entries()) {
      if (pattern.test(line))
        found.push({ path, line: i + 1, prose: facts?.language === 'markdown', text: line.trim() });
    }
  }
  return found;
}

/** Lines of a file that look into folders. */
export function listsFolders(path: string, on: Measured): readonly { readonly line: number; readonly text: string }[] {
  const lines = on.read(path).toString('utf8').split('\n');
  return lines.flatMap((text, i) =>
    /\b(?:readdir|readdirSync|listdir|scandir|iterdir|glob|rglob|opendir|walk)\b\s*\(/.test(text)
      ? [{ line: i + 1, text: text.trim() }]
      : [],
  );
}
