/** Options that a script accepts and ignores: `--dry-run` that changes everything all the same (trap C16). */
import type { Expr, FileFacts } from '../facts.ts';
import { dottedName, rootsOf, walkExpr } from '../walk-expr.ts';
import { type Option, optionsOf } from './options.ts';

/** Needs the whole structure; where the parsed options leave the file, somebody else may read them, and nothing is said. */
export function optionsNeverRead(facts: FileFacts): readonly Option[] {
  if (facts.read !== 'structure') return [];
  const options = optionsOf(facts).filter(({ selfActing, asks }) => selfActing !== true && asks !== true);
  if (options.length === 0) return [];
  const reads = readsOf(facts, new Set(options.map(({ line }) => line)));
  if (reads.leave)
    return options.filter(({ by, ...option }) => by === 'click' && isIgnored({ by, ...option }, reads, facts));
  return options.filter((option) => isIgnored(option, reads, facts));
}

function isIgnored(option: Option, reads: Reads, facts: FileFacts): boolean {
  const { readAs, by, scope } = option;
  if (by !== 'click' && by !== 'typer') return !readAs.some((name) => reads.names.has(name));
  // The function gets it as a parameter; `**kwargs` gets it unseen.
  if (scope === undefined) return false;
  const params = facts.scopes[scope]?.params ?? [];
  if (params.some(({ rest }) => rest === true)) return false;
  return (
    params.some(({ name }) => readAs.includes(name)) && !readAs.some((name) => reads.plain.has(`${scope} ${name}`))
  );
}

interface Reads {
  /** Members, keys and parameters, and names in texts of `getattr`. */
  readonly names: ReadonlySet<string>;
  /** `scope name` for each name, for its scope and those around. */
  readonly plain: ReadonlySet<string>;
  /** The object of all options is handed to code that is not in this file, or taken apart in ways that are not followed. */
  readonly leave: boolean;
}

const PARSES =
  /(?:^|\.)(?:parse_args|parse_known_args|parse_intermixed_args|opts|parseArgs|parseSync|parse)$|(?:^|\.)argv$|^(?:yargs|hideBin)\b/;
/** Calls that only show or copy their arguments. */
const HARMLESS =
  /^(?:print|len|type|isinstance|bool|str|repr|console\.log|logger\.\w+|logging\.\w+|log|getattr|hasattr|setattr)$/;

function readsOf(facts: FileFacts, declarations: ReadonlySet<number>): Reads {
  const names = new Set<string>();
  const plain = new Set<string>();
  const roots = rootsOf(facts);
  const local = new Set(facts.scopes.filter(({ kind }) => kind === 'function').map(({ name }) => name));
  const objects = new Set<string>();
  for (const { value, to } of roots) {
    if (to === undefined) continue;
    const call = value.k === 'op' && value.b === undefined ? value.a : value;
    if (PARSES.test(dottedName(call).replace(/\(\)$/, '')))
      for (const name of to.split(/[,\s()[\]{}:]+/)) if (name !== '') objects.add(name);
  }
  // Callbacks of commander get the options as a parameter; so does whoever is called with them here.
  for (const scope of facts.scopes) {
    for (const param of scope.params ?? []) {
      names.add(param.property ?? param.name);
      if (/^(?:args|opts?|options|argv|flags|cmd|command|program|ns|namespace)$/.test(param.name))
        objects.add(param.name);
    }
  }
  for (const { to } of facts.assigns) for (const word of to.match(/\w+/g) ?? []) names.add(word);
  let leave = false;
  for (const { value, scope, line, is } of roots) {
    if (is === 'return' && isObject(value, objects)) leave = true;
    walkExpr(value, (expr) => {
      if (expr.k === 'member') names.add(expr.v);
      else if (expr.k === 'index' && expr.key.k === 'text') names.add(expr.key.v);
      else if (expr.k === 'name') {
        for (let at = scope; at >= 0; at = facts.scopes[at]?.parent ?? -1) plain.add(`${at} ${expr.v}`);
      } else if (expr.k === 'call') {
        const called = dottedName(expr.fn);
        if (/(?:^|\.)(?:getattr|hasattr|get|has)$/.test(called)) {
          for (const arg of expr.args) if (arg.k === 'text') names.add(arg.v);
        }
        if (declarations.has(expr.at[2]) && declarations.has(line)) return;
        const given = [...expr.args, ...Object.values(expr.named ?? {})];
        if (given.some((arg) => isObject(arg, objects)) && !HARMLESS.test(called) && !local.has(called)) leave = true;
        if (given.some((arg) => arg.k === 'unknown' && arg.why === 'spread') && objects.size > 0 && !local.has(called))
          leave ||= isSpreadOfOptions(expr);
      } else if (
        expr.k === 'map' &&
        expr.entries.some(([key, one]) => isObject(one, objects) || (key.k === 'unknown' && objects.size > 0))
      )
        leave = true;
      else if (expr.k === 'list' && expr.items.some((item) => isObject(item, objects))) leave = true;
    });
  }
  return { names, plain, leave };
}

function isObject(expr: Expr, objects: ReadonlySet<string>): boolean {
  if (expr.k === 'name') return objects.has(expr.v);
  if (expr.k === 'call')
    return /^(?:vars|dict|Object\.entries|Object\.keys)$/.test(dottedName(expr.fn)) || PARSES.test(dottedName(expr.fn));
  return expr.k === 'unknown' && expr.why === 'spread';
}

/** A spread hides what is in it. */
function isSpreadOfOptions({ args, named }: Expr & { readonly k: 'call' }): boolean {
  return [...args, ...Object.values(named ?? {})].some((arg) => arg.k === 'unknown' && arg.why === 'spread');
}
