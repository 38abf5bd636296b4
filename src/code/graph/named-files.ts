/**
 * Source files that code names by their path: scripts that it starts, modules that it loads by file (`spec_from_file_location`,
 * `run_path`, `new Worker('./x.js')`, `subprocess.run([…, "scripts/x.py"])`). Only files whose whole structure was read.
 */
import type { Expr, FileFacts, ImportFact, Span } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import { rootsOf, walkExpr } from '../walk-expr.ts';

const PATH = /^(?:[\w.@-]+\/|\.{0,2}\/)*[\w.@-]+\.(?:[cm]?[jt]sx?|pyw?|php|sh)$/;
/** `main.py` in a project of ten services means none of them. */
const MOST_MEANT = 3;

export interface PathText {
  readonly v: string;
  readonly at: Span;
}

/** `textsOf`: texts of a file that are spelled like the path of a source file, where they are known already. */
export function* namedFiles(
  tree: SourceTree,
  textsOf: (path: string, facts: FileFacts) => readonly PathText[] = (_path, facts) => pathTexts(facts),
): Iterable<{ readonly from: string; readonly to: string; readonly fact: ImportFact }> {
  let byBase: Map<string, string[]> | undefined;
  for (const [from, facts] of tree.facts) {
    if (facts.language !== 'python' && facts.language !== 'typescript' && facts.language !== 'php') continue;
    for (const { v, at } of textsOf(from, facts)) {
      byBase ??= basesOf(tree);
      const plain = v.replace(/^(?:\.{0,2}\/)+/, '');
      const base = plain.slice(plain.lastIndexOf('/') + 1);
      const meant = (byBase.get(base) ?? []).filter((path) => path === plain || path.endsWith(`/${plain}`));
      if (meant.length > MOST_MEANT) continue;
      for (const to of meant) yield { from, to, fact: { module: v, names: [], kind: 'text', scope: 0, at } };
    }
  }
}

function basesOf(tree: SourceTree): Map<string, string[]> {
  const byBase = new Map<string, string[]>();
  for (const path of tree.facts.keys()) {
    const base = path.slice(path.lastIndexOf('/') + 1);
    const list = byBase.get(base);
    if (list === undefined) byBase.set(base, [path]);
    else list.push(path);
  }
  return byBase;
}

export function pathTexts(facts: FileFacts): readonly PathText[] {
  const found: PathText[] = [];
  const look = (expr: Expr): void => {
    if (expr.k === 'text' && expr.v.length < 300 && expr.v.length > 3 && PATH.test(expr.v))
      found.push({ v: expr.v, at: expr.at });
  };
  for (const { value } of rootsOf(facts)) walkExpr(value, look);
  return found;
}
