/** Imports that lead nowhere, and names that the imported module does not have (traps C1, C2, C9). */
import { posix } from 'node:path';
import { purposeOf } from '../../bindings/purpose.ts';
import { callsOf } from '../../code/calls.ts';
import type { FileFacts, ImportFact } from '../../code/facts.ts';
import type { Unresolved } from '../../code/graph/model.ts';
import { isForeignCode, isPutAway } from '../foreign-code.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts, Severity } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

/** Made by a build or a tool, each machine's own (`.env`), or no code: absent in a fresh checkout by design. */
const MADE =
  /(?:^|[/.])(?:generated|__generated__|paraglide|_?gen|dist|build|out|\.next|\.nuxt|\.svelte-kit|\.output|\.prisma|\+types|node_modules|coverage|wasm|pkg|target)(?:[/.]|$)|(?:_pb2(?:_grpc)?|_version|\.gen|\.generated|_generated|\$types|\.env)$|[.-][0-9a-f]{8,}(?:\.chunk)?\.[cm]?js$|\.(?:css|s[ac]ss|less|styl|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|eot|mp[34]|wav|webm|pdf|txt|md|mdx|html?|graphql|gql|glsl|wasm|node|json|ya?ml)(?:\?.*)?$/i;
const EXAMPLE = /(?:^|\/)(?:examples?|samples?|demos?|docs?|templates?|playground)\//i;
/** Packages whose modules are all gone are one finding. */
const MANY = 3;

export const danglingImport: Detector = {
  doc: {
    code: 'dangling-import',
    title: 'An import leads nowhere',
    severity: 'high',
    when: 'A module of this project is imported that is not there, or a name that the module does not have. Imports of one missing module are one finding.',
    why: 'The program fails when the line is reached. What was moved still has importers under its former path, so it looks unused.',
    fix: 'Point the import to where the module is now; the finding names files that may be meant.',
    not: 'Modules that a build or generator makes, styles and other files that are no code, computed names, packages that are not installed here. Guarded imports, tests and examples are low.',
  },
  detect(facts) {
    const missing = facts.code.graph.unresolved.filter((one) => isMeant(one, facts) && !isMade(one.from, one.fact));
    // What only tests and examples miss is one finding for each of these, not one for each name.
    const byTarget = groupBy(missing, (one) => targetOf(one));
    const aside = [...byTarget.values()].filter((all) => all.every(isAside));
    const targets = new Map([...byTarget].filter(([, all]) => !aside.includes(all)));
    // Modules of one folder that is gone: one cause.
    const parents = groupBy([...targets.keys()], (target) => parentOf(target));
    const drafts: Draft[] = [];
    for (const [parent, inside] of parents) {
      const all = inside.flatMap((target) => targets.get(target) ?? []);
      const isGone = parent !== '' && inside.length >= MANY && all.every(({ status }) => status === 'missing');
      if (isGone)
        drafts.push(describe(`${parent.replace(/^\.\/|:$/g, '')} (${count(inside.length, 'module')})`, all, facts));
      else {
        for (const target of inside)
          drafts.push(describe(target.replace(/^\.\//, ''), targets.get(target) ?? [], facts));
      }
    }
    const byFiles = groupBy(aside, (all) => [...new Set(all.map(({ from }) => from))].sort().join('\n'));
    for (const sets of byFiles.values())
      drafts.push(
        describe(
          list(sets.map(([one]) => (one === undefined ? '' : targetOf(one).trimEnd().replace(/^\.\//, '')))),
          sets.flat(),
          facts,
          sets.length,
        ),
      );
    return drafts;
  },
};

function isMade(from: string, fact: ImportFact): boolean {
  return (
    MADE.test(fact.module ?? '') ||
    MADE.test(targetOf({ from, fact, status: 'missing' })) ||
    /(?:^|\/)dist\//.test(from)
  );
}

/** The module as the project would name it: `./` and a path for relative ones, else as written. */
function targetOf({ from, fact, status }: Unresolved): string {
  const module = fact.module ?? '';
  const names = status === 'names' ? ' ' : '';
  if (fact.level !== undefined && fact.level > 0) {
    const folder = posix.join(posix.dirname(from), ...Array.from({ length: fact.level - 1 }, () => '..'));
    return `./${posix.join(folder, module.replaceAll('.', '/'))}${names}`;
  }
  if (/^\.{1,2}(?:\/|$)/.test(module)) return `./${posix.join(posix.dirname(from), module)}${names}`;
  return `${module}${names}`;
}

function parentOf(target: string): string {
  const plain = target.trimEnd();
  const cut = Math.max(plain.lastIndexOf('/'), plain.startsWith('./') ? -1 : plain.lastIndexOf('.'));
  return cut <= 1 ? '' : plain.slice(0, cut);
}

/** A text of which only the front leads somewhere may mean anything; what others wrote is not ours to mend. */
function isMeant({ status, fact, from }: Unresolved, { code }: Facts): boolean {
  if (status === 'computed' || fact.module === null || isForeignCode(from)) return false;
  if (code.files.get(from)?.language === 'markdown') return false;
  if (status !== 'names') return true;
  const [edge] = code.graph.edgesFrom(from).filter((one) => one.fact === fact && one.how === 'module');
  return (
    fact.kind !== 'text' &&
    (edge === undefined || !code.answer(edge.to, 'makes names', () => makesNames(code.structureOf(edge.to))))
  );
}

/** It gives itself names while it runs: which, nobody can read. */
function makesNames(facts: FileFacts): boolean {
  return callsOf(facts).some(
    ({ name, call }) =>
      name === 'setattr' ||
      name === 'exec' ||
      name === 'globals' ||
      (name === 'update' && call.fn.k === 'member' && call.fn.of.k === 'call'),
  );
}

const isGuarded = ({ fact }: Unresolved): boolean => fact.guarded === true || fact.kind === 'text';
const isAside = ({ from }: Unresolved): boolean => purposeOf(from) === 'test' || EXAMPLE.test(from) || isPutAway(from);

function severityOf(all: readonly Unresolved[], facts: Facts): Severity {
  const real = all.filter((one) => !isGuarded(one) && !isAside(one) && one.fact.kind !== 'type');
  if (real.length === 0) return 'low';
  const loaded = real.some(
    ({ from }) =>
      facts.code.graph.importers(from).length > 0 ||
      facts.code.entries.some(({ file, kind }) => file === from && kind !== 'test' && kind !== 'docs'),
  );
  if (real.every(({ status }) => status === 'names')) return 'medium';
  return loaded ? 'high' : 'medium';
}

/** `the import is`, `all 3 imports are`, `1 of 3 imports is`. */
function said(some: number, all: number): string {
  if (some === all) return all === 1 ? 'the import is' : `all ${all} imports are`;
  return `${some} of ${all} imports ${some === 1 ? 'is' : 'are'}`;
}

function describe(target: string, all: readonly Unresolved[], facts: Facts, targets = 1): Draft {
  const files = [...new Set(all.map(({ from }) => from))];
  const perhaps = [...new Set(all.flatMap((one) => one.perhaps ?? []))].filter((path) => !files.includes(path));
  const names = [...new Set(all.flatMap((one) => one.missingNames ?? []))];
  const renamed = [
    ...new Set(
      facts.code.graph.edges
        .filter((edge) => edge.how === 'former' && all.some(({ fact }) => fact === edge.fact))
        .map(({ to }) => to),
    ),
  ];
  const guarded = all.filter(isGuarded).length;
  const relative = all.every(({ fact }) => (fact.level ?? 0) > 0 || (fact.module ?? '').startsWith('.'));
  const whys = [...new Set(all.flatMap(({ why }) => (why === undefined ? [] : [why])))];
  const module = target.trimEnd();
  return {
    severity: severityOf(all, facts),
    // A relative import has one meaning; where else a name is looked for, the running program decides.
    confidence: relative && names.length === 0 && guarded === 0 ? 'proven' : 'likely',
    message:
      names.length > 0 && targets === 1
        ? `${module} has no ${list(names)}, which ${count(files.length, 'file')} ${files.length === 1 ? 'imports' : 'import'} from it.`
        : `${count(files.length, 'file')} ${files.length === 1 ? 'imports' : 'import'} ${module}, which ${targets === 1 ? 'is' : 'are'} not there.`,
    at: all.map(({ from, fact }) => ({ path: from, line: fact.at[2] })),
    evidence: [
      ...whys.slice(0, 2),
      ...(renamed.length > 0 ? [`it was renamed to ${list(renamed)}`] : []),
      ...(perhaps.length > 0 ? [`perhaps ${list(perhaps)} ${perhaps.length === 1 ? 'is' : 'are'} meant`] : []),
      ...(guarded > 0 ? [`${said(guarded, all.length)} guarded or named in a text`] : []),
      ...(all.every(isAside) ? ['only tests and examples import it'] : []),
    ],
    consequence:
      guarded === all.length
        ? 'The other way is always taken, and nobody is told.'
        : 'The program fails when the line is reached.',
    action:
      perhaps.length + renamed.length > 0
        ? `Point ${all.length === 1 ? 'this import' : 'these imports'} to the file that is meant.`
        : 'Find out where the module went, or remove the import and what depends on it.',
  };
}
