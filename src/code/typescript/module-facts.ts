/** Imports and exports of a file from the words that the scan found in its code. */
import type { ExportFact, ImportFact, ReferenceFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { readExports, readMock, readRequire, readUrl } from './commonjs.ts';
import { readExport } from './esm-exports.ts';
import { readImport } from './esm-imports.ts';
import { addImport, type ModuleDraft } from './module-draft.ts';
import type { Scan } from './scan.ts';

export interface ModuleFacts {
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  readonly references: readonly ReferenceFact[];
  /** Has `import`, `export` or `import.meta`: a module, whatever its suffix says. */
  readonly esm: boolean;
  /** Only a parser knows all names that it exports. */
  readonly unsure: boolean;
}

export function moduleFacts(text: string, scan: Scan, lines: Lines): ModuleFacts {
  const draft: ModuleDraft = { text, lines, imports: [], exports: [], references: [], pending: [], unsure: false };
  let esm = false;
  for (const { at, word, depth } of scan.hits) {
    const before = text.charCodeAt(at - 1);
    // `$import`, `#export`, `@import`; `.import` is a property (three dots are a spread).
    if (before === 36 || before === 35 || before === 64) continue;
    const property = before === 46 && text.charCodeAt(at - 2) !== 46;
    if (word === 'import') {
      if (property) continue;
      const next = text.charCodeAt(at + 6);
      esm ||= depth === 0 && next !== 40;
      readImport(draft, at, depth);
    } else if (word === 'export') {
      if (property || depth > 0) continue;
      const known = draft.exports.length;
      readExport(draft, at);
      esm ||= draft.exports.length > known || draft.unsure || /^export\s*\{\s*\}/.test(text.slice(at, at + 20));
    } else if (word === 'require') {
      if (!property || /\bmodule\.$/.test(text.slice(Math.max(0, at - 7), at))) readRequire(draft, at, depth);
    } else if (word === 'exports') readExports(draft, at);
    else if (word === 'URL') readUrl(draft, at);
    else readMock(draft, at, word);
  }
  readReferences(draft, scan);
  settleKinds(draft);
  const { imports, exports, references, unsure } = draft;
  imports.sort((x, y) => x.at[0] - y.at[0]);
  return { imports, exports, references, esm, unsure };
}

/** `/// <reference path="./x.d.ts" />` in the comments at the head. */
function readReferences(draft: ModuleDraft, scan: Scan): void {
  for (let index = 0; index < Math.min(scan.comments.length, 40); index += 2) {
    const start = scan.comments[index] as number;
    if (!draft.text.startsWith('///', start)) continue;
    const written = draft.text.slice(start, Math.min(scan.comments[index + 1] as number, start + 500));
    const found = /^\/\/\/\s*<reference\s+path=(["'])([^"']+)\1/.exec(written);
    if (found === null) continue;
    const module = found[2] as string;
    const from = start + found[0].length - 1 - module.length;
    const path = /^\.{0,2}\//.test(module) ? module : `./${module}`;
    addImport(draft, { module: path, names: [], kind: 'type' }, from, from + module.length);
  }
}

const DECLARED =
  /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(async\s+)?(function|class|interface|type|enum|const|let|var)(?:\s*\*\s*|\s+)([\w$]+)(?:[^=\n]*=(?!>)\s*(async\b)?\s*(?:(function)|(class)|(?:\([^()\n]*\)|[\w$]+)\s*(?::\s*[^=\n]+)?=>))?/gm;

/** What `export { a }` and `export default a` stand for, by declarations that start a line. */
function settleKinds(draft: ModuleDraft): void {
  if (draft.pending.length === 0) return;
  const wanted = new Map<string, number[]>();
  for (const { index, local } of draft.pending) wanted.set(local, [...(wanted.get(local) ?? []), index]);
  for (const found of draft.text.matchAll(DECLARED)) {
    const indexes = wanted.get(found[3] as string);
    if (indexes === undefined) continue;
    const word = found[2] as string;
    const called = word === 'function' || /=>$/.test(found[0]) || found[5] !== undefined;
    const kind =
      word === 'class' || found[6] !== undefined
        ? 'class'
        : word === 'interface' || word === 'type'
          ? 'type'
          : called
            ? 'function'
            : 'value';
    const async = called && (found[1] !== undefined || found[4] !== undefined);
    for (const index of indexes) {
      const fact = draft.exports[index] as ExportFact;
      draft.exports[index] = { ...fact, kind, ...(async ? { async } : {}) };
    }
  }
}
