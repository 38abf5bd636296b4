/**
 * What the code of a project refers to, as plain data that can be kept and compared: where each import leads, what leads nowhere, what each line
 * opens in each context, how well each file could be read. A site is named by its file, its spelling and the function it stands in; never by its line.
 */
import type { Code, NamedScope } from '../audit/code-model.ts';
import { danglingPaths } from '../audit/dangling-paths.ts';
import type { Facts } from '../audit/model.ts';
import { namedScopes } from '../audit/named-scopes.ts';
import type { BindingConfidence, BindingTarget } from '../bindings/model.ts';
import type { ImportFact, ReadQuality } from '../code/facts.ts';

export interface SeenSite {
  readonly path: string;
  readonly line: number;
  /** As spelled: a module, a path; names behind it. */
  readonly what: string;
  /** `Hub.open`; '' outside of functions and classes. */
  readonly scope: string;
  /** The file that lacks a name: however it is spelled, the same name of it is the same site. */
  readonly of?: string;
  readonly name?: string;
}

export interface SeenImport {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

export interface SeenBinding {
  readonly path: string;
  readonly line: number;
  readonly scope: string;
  /** What recognised the call. */
  readonly by: string;
  /** Which of the calls in that scope, from 0. */
  readonly nth: number;
  readonly context: string;
  readonly target: BindingTarget;
  readonly confidence: BindingConfidence;
  /** Other files that the answer was read from. Left out: none. */
  readonly via?: readonly string[];
}

export interface CodeSnapshot {
  /** Imports of something of this project that is not there. */
  readonly unresolved: readonly SeenSite[];
  /** Names that a file takes from another one that lacks them. */
  readonly names: readonly SeenSite[];
  /** Paths in commands, builds and manifests that are not there. */
  readonly references: readonly SeenSite[];
  readonly imports: readonly SeenImport[];
  readonly bindings: readonly SeenBinding[];
  readonly read: readonly { readonly path: string; readonly read: ReadQuality; readonly problem?: string }[];
}

/** An audit's code, or an overlay's. */
export type LookedAt = Pick<Facts, 'code' | 'project'>;

export function snapshotOf(facts: LookedAt): CodeSnapshot {
  const { code } = facts;
  const scopeAt = scopes(code);
  const site = (path: string, fact: ImportFact, what: string): SeenSite => ({
    path,
    line: fact.at[2],
    what,
    scope: scopeAt(path, fact.at[2]),
  });
  const { unresolved, edges } = code.graph;
  /** `from pkg import mod` means the module: its package is only on the way. */
  const taken = new Map<ImportFact, number>();
  for (const { fact, how } of edges) if (how === 'member') taken.set(fact, (taken.get(fact) ?? 0) + 1);
  const modules = new Map(edges.flatMap(({ fact, how, to }) => (how === 'module' ? [[fact, to] as const] : [])));
  const lackedBy = (fact: ImportFact): { readonly of?: string } => {
    const of = modules.get(fact);
    return of === undefined ? {} : { of };
  };
  const isOnTheWay = ({ names: own }: ImportFact, count: number | undefined): boolean => count === own.length;
  return {
    unresolved: unresolved
      .filter(({ status }) => status === 'missing')
      .map(({ from, fact }) => site(from, fact, spelled(fact))),
    names: unresolved.flatMap(({ from, fact, status, missingNames = [] }) =>
      status === 'names'
        ? missingNames.map((name) => ({ ...site(from, fact, `${spelled(fact)} ${name}`), ...lackedBy(fact), name }))
        : [],
    ),
    references: danglingPaths(facts as Facts).map(({ path, line, target, what }) => ({
      path,
      line,
      what: target,
      scope: what,
    })),
    imports: unique(
      edges.flatMap(({ from, to, fact, how }) =>
        how === 'former' ||
        how === 'perhaps' ||
        how === 'package' ||
        (how === 'module' && isOnTheWay(fact, taken.get(fact)))
          ? []
          : [{ from, to, line: fact.at[2] }],
      ),
    ),
    bindings: bindingsOf(code, scopeAt),
    read: [...code.files].map(([path, { read, problem }]) => ({
      path,
      read,
      ...(problem === undefined ? {} : { problem }),
    })),
  };
}

const spelled = ({ module, level = 0 }: ImportFact): string => '.'.repeat(level) + (module ?? '?');

function unique(imports: readonly SeenImport[]): readonly SeenImport[] {
  return [...new Map(imports.map((one) => [`${one.from}\n${one.to}`, one])).values()];
}

function bindingsOf(code: Code, scopeAt: (path: string, line: number) => string): readonly SeenBinding[] {
  const counted = new Map<string, Map<string, number>>();
  return code.bindings.map(({ path, line, by, context, target, confidence, spelling, evidence }) => {
    const scope = scopeAt(path, line);
    const key = `${path}\n${scope}\n${by}`;
    // Several bindings of one call: contexts, and cases.
    const calls = counted.get(key) ?? new Map<string, number>();
    counted.set(key, calls);
    const call = `${line} ${spelling}`;
    const nth = calls.get(call) ?? calls.size;
    calls.set(call, nth);
    const via = [...new Set(evidence.flatMap((one) => (one.path === undefined ? [] : [one.path])))]
      .filter((one) => one !== path)
      .sort();
    return { path, line, scope, by, nth, context, target, confidence, ...(via.length === 0 ? {} : { via }) };
  });
}

/** Names of the functions and classes around a line, outermost first. */
function scopes(code: Code): (path: string, line: number) => string {
  const known = new Map<string, readonly NamedScope[]>();
  return (path, line) => {
    let own = known.get(path);
    if (own === undefined) {
      const facts = code.files.get(path);
      own =
        facts === undefined || facts.read === 'none'
          ? []
          : (code.learnt?.(path).scopes ?? namedScopes(code.structureOf(path)));
      known.set(path, own);
    }
    return own
      .filter(({ lines: [first, last] }) => first <= line && line <= last)
      .map(({ name }) => name)
      .join('.');
  };
}
