/** What the lines of a file declare, read when something is exported under a name that is declared elsewhere. */
import type { ExportFact } from '../facts.ts';

export interface Declaration {
  /** Offset of the line. */
  readonly at: number;
  readonly kind: ExportFact['kind'];
  readonly async: boolean;
}

const DECLARED =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(async\s+)?(function|class|interface|type|enum|const|let|var)(?:\s*\*\s*|\s+)([\w$]+)(?:[^=\n]*=(?!>)\s*(async\b)?\s*(?:(function)|(class)|(?:\([^()\n]*\)|[\w$]+)\s*(?::\s*[^=\n]+)?=>))?/gm;

/** By name; the first of each. Only what starts a line, as declarations of a module do. */
export function declarationsOf(text: string): ReadonlyMap<string, Declaration> {
  const declared = new Map<string, Declaration>();
  for (const found of text.matchAll(DECLARED)) {
    const name = found[3] as string;
    if (declared.has(name)) continue;
    const word = found[2] as string;
    const called = word === 'function' || found[0].endsWith('=>') || found[5] !== undefined;
    const kind =
      word === 'class' || found[6] !== undefined
        ? 'class'
        : word === 'interface' || word === 'type'
          ? 'type'
          : called
            ? 'function'
            : 'value';
    declared.set(name, { at: found.index, kind, async: called && (found[1] ?? found[4]) !== undefined });
  }
  return declared;
}
