/** Where a name that a module gives really comes from, through barrels, and whether a module can give it at all. */
import type { ExportFact, FileFacts, ImportFact } from '../facts.ts';
import type { Resolver, SourceTree } from '../resolve.ts';

export interface Origin {
  readonly file: string;
  /** `*`: the module as a whole (`export * as db from './db'`). */
  readonly name: string;
}

/** Barrels that are followed; more than a project has on one way. */
const MOST_STEPS = 2_000;

/** The file that declares what `file` exports as `name`; undefined where that lies outside the project or nowhere. */
export function originOf(tree: SourceTree, resolver: Resolver, file: string, name: string): Origin | undefined {
  const answer = follow(tree, resolver, file, name);
  return answer === 'none' || answer === 'unknown' ? undefined : answer;
}

/** Does `file` certainly not export `name`? */
export function lacks(tree: SourceTree, resolver: Resolver, file: string, name: string): boolean {
  return follow(tree, resolver, file, name) === 'none';
}

/** `unknown`: it may come from where nothing is known of. */
function follow(tree: SourceTree, resolver: Resolver, file: string, name: string): Origin | 'none' | 'unknown' {
  const seen = new Set<string>();
  const queue: Origin[] = [{ file, name }];
  let unknown = false;
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = queue.pop();
    if (next === undefined) return unknown ? 'unknown' : 'none';
    const key = `${next.file}\0${next.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const facts = tree.facts.get(next.file);
    if (next.name === '*') return next;
    if (facts === undefined || facts.language !== 'typescript' || facts.read === 'none') {
      unknown = true;
      continue;
    }
    const fact = facts.exports.find((each) => each.name === next.name);
    if (fact === undefined) {
      if (mayGiveMore(facts, next.name)) unknown = true;
      // The last is looked at first: stars in the order in which they stand.
      for (const star of facts.imports.filter(isStar).reverse()) {
        if (next.name === 'default') continue;
        const target = resolver.resolve(next.file, star).file;
        if (target === undefined) unknown = true;
        else queue.push({ file: target, name: next.name });
      }
      continue;
    }
    const through = importBehind(facts, fact);
    if (through === undefined) return next;
    const target = resolver.resolve(next.file, through.fact).file;
    if (target === undefined) unknown = true;
    else queue.push({ file: target, name: through.name });
  }
  return 'unknown';
}

function isStar(fact: ImportFact): boolean {
  return (
    (fact.kind === 'reexport' || fact.kind === 'type') && fact.names.some(({ name, as }) => name === '*' && as === '*')
  );
}

/** CommonJS gives whatever is put on an object at run time, a script nothing that could be told. */
function mayGiveMore(facts: FileFacts, name: string): boolean {
  const { exports } = facts;
  const whole = exports.some(({ local }) => local === 'module.exports');
  const common = whole || exports.some(({ local }) => local?.includes('exports.') ?? false);
  if (name === 'default' && common) return true;
  if (exports.some(({ name: given, kind }) => given === '*' && kind !== 'reexport' && kind !== 'type')) return true;
  if (exports.some((each) => each.name === '*') && !facts.imports.some(isStar)) return true;
  if (
    whole &&
    exports.filter(({ local }) => local?.startsWith('module.exports') !== true || local !== 'module.exports').length ===
      0
  )
    return true;
  return exports.length === 0 && !facts.imports.some(({ kind }) => kind === 'static' || kind === 'type');
}

/** The import that an export passes on, if it does. */
function importBehind(
  facts: FileFacts,
  fact: ExportFact,
): { readonly fact: ImportFact; readonly name: string } | undefined {
  const local = fact.local ?? fact.name;
  for (const each of facts.imports) {
    if (each.kind === 'reexport' || (each.kind === 'type' && (fact.kind === 'type' || fact.kind === 'reexport'))) {
      const taken = each.names.find(({ as, name }) => as === fact.name && !(name === '*' && as === '*'));
      if (taken !== undefined && (fact.kind === 'reexport' || taken.name === local || taken.name === '*'))
        return { fact: each, name: taken.name };
    }
  }
  if (fact.kind === 'reexport' || fact.kind === 'function' || fact.kind === 'class') return undefined;
  for (const each of facts.imports) {
    if (each.kind !== 'static' && each.kind !== 'type') continue;
    if (each.as === local) return { fact: each, name: '*' };
    const taken = each.names.find(({ as }) => as === local);
    if (taken !== undefined) return { fact: each, name: taken.name };
  }
  return undefined;
}
