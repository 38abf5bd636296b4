/** Scripts that do one job several times over, known by what they do (trap C17). */
import type { Role, RoleFound } from '../../code/roles/model.ts';
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
    when: 'At least three scripts do the same job (migrate, reset, seed, check, back up), told by what they open, run and drop, not by their names.',
    why: 'Nobody knows which one is right; they disagree about paths and tables, and the wrong one is run in an emergency.',
    fix: 'Keep one per job, let it take the store as an argument, and archive the others.',
    not: 'Numbered migrations, tests, library modules, scripts that each serve another store which is no twin.',
  },
  detect(facts) {
    const families = new Map<Role, { path: string; found: RoleFound }[]>();
    for (const [path, roles] of facts.code.roles) {
      for (const found of roles) {
        if (JOBS[found.role] === undefined) continue;
        families.set(found.role, [...(families.get(found.role) ?? []), { path, found }]);
      }
    }
    return [...families]
      .filter(([, scripts]) => scripts.length >= 3)
      .map(([role, scripts]) => describe(role, scripts, facts));
  },
};

function describe(role: Role, scripts: readonly { path: string; found: RoleFound }[], facts: Facts): Draft {
  const sorted = [...scripts].sort((x, y) => (x.path < y.path ? -1 : 1));
  const opens = (path: string): readonly string[] => [
    ...new Set(
      facts.code.bindings.flatMap((binding) =>
        binding.path === path && binding.store !== null ? [binding.store] : [],
      ),
    ),
  ];
  return {
    severity: 'medium',
    confidence: 'likely',
    message: `${count(sorted.length, 'script')} ${JOBS[role]}: ${list(
      sorted.map(({ path }) => path),
      5,
    )}.`,
    at: sorted.map(({ path, found }) => ({
      path,
      ...(found.evidence[0] === undefined ? {} : { line: found.evidence[0].line }),
    })),
    stores: [...new Set(sorted.flatMap(({ path }) => opens(path)))].sort(),
    evidence: sorted.slice(0, 8).map(({ path, found }) => {
      const stores = opens(path);
      const what = found.evidence
        .slice(0, 2)
        .map(({ line, text }) => `${text} (line ${line})`)
        .join(', ');
      return `${path}: ${what}${stores.length > 0 ? `; opens ${list(stores, 3)}` : ''}`;
    }),
    consequence: 'They grow apart, and the wrong one is run when it matters.',
    action: 'Choose one, give it the store as an argument, archive the rest.',
  };
}
