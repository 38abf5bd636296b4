/** Imports and exports of a file from the words that the scan found in its code. */
import type { ExportFact, ImportFact, ReferenceFact } from '../facts.ts';
import type { Lines } from '../text-lines.ts';
import { readExports, readMock, readRequire, readUrl } from './commonjs.ts';
import { type Declaration, declarationsOf } from './declarations.ts';
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
  /** What lines declare, where an export asked for it. */
  readonly declared: ReadonlyMap<string, Declaration>;
}

const NONE: ReadonlyMap<string, Declaration> = new Map();

/** `types`: a file of declarations, in which each `import()` is a type. */
export function moduleFacts(text: string, scan: Scan, lines: Lines, types = false): ModuleFacts {
  const draft: ModuleDraft = { text, lines, imports: [], exports: [], references: [], pending: [], unsure: false };
  let esm = false;
  const common: number[] = [];
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
    } else if (word === 'exports') common.push(at);
    else if (word === 'URL') readUrl(draft, at);
    else readMock(draft, at, word);
  }
  // A bundle has the `module.exports` of what was put into it.
  if (draft.exports.every(({ local, name }) => name === '*' || local?.includes('exports')))
    for (const at of common) readExports(draft, at);
  readReferences(draft, scan);
  for (const [index, fact] of draft.imports.entries())
    if (types && fact.kind === 'dynamic') draft.imports[index] = typeOnly(fact);
  const declared = settleKinds(draft);
  const { imports, exports, references, unsure } = draft;
  imports.sort((x, y) => x.at[0] - y.at[0]);
  return { imports, exports, references, esm, unsure, declared: declared ?? NONE };
}

function typeOnly({ guarded, ...fact }: ImportFact): ImportFact {
  return { ...fact, kind: 'type' };
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

/** What `export { a }` and `export default a` stand for, by declarations that start a line. */
function settleKinds(draft: ModuleDraft): ReadonlyMap<string, Declaration> | undefined {
  if (draft.pending.length === 0) return undefined;
  const declared = declarationsOf(draft.text);
  for (const { index, local } of draft.pending) {
    const found = declared.get(local);
    const fact = draft.exports[index];
    if (found === undefined || fact === undefined) continue;
    draft.exports[index] = { ...fact, kind: found.kind, ...(found.async ? { async: true } : {}) };
  }
  return declared;
}
