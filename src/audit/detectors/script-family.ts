/** Scripts that do one job several times over, known by what they do (trap C17). */
import { posix } from 'node:path';
import type { Role, RoleFound } from '../../code/roles/model.ts';
import { isForeignCode, isPutAway } from '../foreign-code.ts';
import type { Detector, Facts } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

/** Jobs of which a project needs one script. */
const JOBS: Readonly<Partial<Record<Role, string>>> = {
  migrate: 'migrate the schema',
  reset: 'reset data',
  seed: 'put demonstration rows in',
  check: 'check a store',
  backup: 'back up',
};

export const scriptFamily: Detector = {
  doc: {
    code: 'script-family',
    title: 'Several scripts for one job',
    severity: 'medium',
    when: 'At least three scripts do the same job (migrate, reset, seed, check, back up), told by what they open, run and drop, not by their names. Those that commands and documents start come first, then those that delete. Scripts that only look are low.',
    why: 'Nobody knows which one is right; they disagree about paths and tables, and the wrong one is run in an emergency.',
    fix: 'Keep one per job, let it take the store as an argument, and archive the others.',
    not: 'Numbered migrations, tests, library modules, scripts in folders of old code, copies of one script (they count once), scripts all of whose stores are temporary.',
  },
  detect(facts) {
    const families = new Map<Role, Script[]>();
    for (const [path, roles] of facts.code.roles) {
      const jobs = roles.filter(({ role }) => JOBS[role] !== undefined);
      if (jobs.length === 0 || isForeignCode(path) || isPutAway(path) || isScratch(path, facts)) continue;
      for (const found of jobs) {
        const script = { path, found, opens: opensOf(path, facts), named: namedBy(path, facts) };
        families.set(found.role, [...(families.get(found.role) ?? []), script]);
      }
    }
    return (
      [...families]
        // Copies of one script, and one for each of several platforms, are one.
        .filter(([, scripts]) => new Set(scripts.map(({ path }) => posix.basename(path))).size >= LEAST)
        .map(([role, scripts]) => describe(role, scripts))
    );
  },
};

const LEAST = 3;
/** More than anybody reads: those that matter first, the rest by what they do. */
const MANY = 20;

interface Script {
  readonly path: string;
  readonly found: RoleFound;
  /** Stores of the project. */
  readonly opens: readonly string[];
  /** Commands and documents that start it. */
  readonly named: readonly string[];
}

/** All that it opens is made for the moment. */
const isScratch = (path: string, { code }: Facts): boolean => {
  const own = code.bindings.filter((binding) => binding.path === path);
  return own.length > 0 && own.every(({ target }) => target.kind === 'temporary' || target.kind === 'memory');
};

const opensOf = (path: string, { code }: Facts): readonly string[] => [
  ...new Set(
    code.bindings.flatMap((binding) => (binding.path === path && binding.store !== null ? [binding.store] : [])),
  ),
];

/** What is put away starts nothing any more; `mv old/*.sh archive/` starts nothing either. */
const namedBy = (path: string, { code }: Facts): readonly string[] => [
  ...new Set(
    code.entries.flatMap(({ file, kind, from, command }) => {
      const isNamed = file === path && (kind === 'command' || kind === 'docs' || kind === 'manifest');
      if (!isNamed || from === undefined || isPutAway(from.path) || HANDLES.test(command?.words[0] ?? '')) return [];
      return [from.path];
    }),
  ),
];

const HANDLES =
  /(?:^|\/)(?:mv|cp|rm|chmod|chown|cat|ls|git|test|\[+|ln|scp|rsync|tar|zip|grep|head|tail|vim|nano|code|touch)$/;

const removes = ({ found }: Script): boolean => found.destructive && found.guards.length === 0;
/** What others start, what deletes, what opens a store that is there. */
const weight = (script: Script): number =>
  (script.named.length > 0 ? 4 : 0) + (removes(script) ? 2 : 0) + (script.opens.length > 0 ? 1 : 0);

function describe(role: Role, scripts: readonly Script[]): Draft {
  const sorted = [...scripts].sort((x, y) => weight(y) - weight(x) || (x.path < y.path ? -1 : 1));
  const started = sorted.filter(({ named }) => named.length > 0);
  const isMany = sorted.length > MANY;
  return {
    // One more look at a store does no harm.
    severity: role === 'check' ? 'low' : 'medium',
    confidence: 'likely',
    message: `${count(sorted.length, 'script')} ${JOBS[role]}: ${list(
      sorted.map(({ path }) => path),
      5,
    )}.`,
    at: sorted.slice(0, MANY).map(({ path, found }) => ({
      path,
      ...(found.evidence[0] === undefined ? {} : { line: found.evidence[0].line }),
    })),
    stores: [...new Set(sorted.flatMap(({ opens }) => opens))].sort(),
    evidence: [
      ...sorted.slice(0, 8).map(evidenceOf),
      ...(isMany ? [`in ${most(sorted.map(({ path }) => [folderOf(path)]))}`, ...tables(sorted)] : []),
      started.length === 0
        ? 'no command and no document names any of them'
        : `${started.length === sorted.length ? 'all' : started.length} of them ${started.length === 1 ? 'is' : 'are'} named by commands or documents`,
    ],
    consequence:
      role === 'check'
        ? 'Nobody knows which answer counts.'
        : 'They grow apart, and the wrong one is run when it matters.',
    action: 'Choose one, give it the store as an argument, archive the rest.',
  };
}

function evidenceOf({ path, found, opens, named }: Script): string {
  const what = found.evidence
    .slice(0, 2)
    .map(({ line, text }) => `${text} (line ${line})`)
    .join(', ');
  const more = found.evidence.length > 2 ? ` and ${found.evidence.length - 2} more` : '';
  const by = named.length > 0 ? `; named by ${list(named, 2)}` : '';
  return `${path}: ${what}${more}${opens.length > 0 ? `; opens ${list(opens, 3)}` : ''}${by}`;
}

const folderOf = (path: string): string => (path.includes('/') ? `${posix.dirname(path)}/` : 'the project’s folder');

/** `jobs (12), users (9) and 14 more`: in how many scripts each stands. */
function most(names: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>();
  for (const own of names) for (const name of new Set(own)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return list(
    sorted.map(([name, times]) => `${name} (${times})`),
    6,
  );
}

const TABLE =
  /^(?:CREATE (?:TEMP )?TABLE|ALTER TABLE|DROP TABLE|CREATE INDEX|TRUNCATE(?: TABLE)?|SELECT|INSERT|UPDATE|DELETE|PRAGMA) ([\w.]+)/;
const CATALOG = /^(?:sqlite_\w+|information_schema\b.*|pg_\w+|tables|columns)$/i;

function tables(scripts: readonly Script[]): readonly string[] {
  const named = scripts.map(({ found }) =>
    found.evidence.flatMap(({ text }) => {
      const table = TABLE.exec(text)?.[1];
      return table === undefined || CATALOG.test(table) ? [] : [table];
    }),
  );
  return named.every(({ length }) => length === 0) ? [] : [`tables: ${most(named)}`];
}
