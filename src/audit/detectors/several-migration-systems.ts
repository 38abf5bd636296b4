/** Several migration systems, or several heads of one, at work on one body of data (trap C12). */

import { type MigrationSystem, migrationSystems } from '../migration-systems.ts';
import type { Detector, Facts } from '../model.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const severalMigrationSystems: Detector = {
  doc: {
    code: 'several-migration-systems',
    title: 'Several migration systems change one schema',
    severity: 'high',
    when: 'Two or more migration systems (Alembic, Prisma, Drizzle, Django, Knex, TypeORM, Sequelize, numbered SQL files) touch the same tables, or one store carries the ledgers of two. Also: two heads of one Alembic tree, revisions outside `versions/`, a Drizzle journal that does not list its files. Each is listed with its place and size.',
    why: 'No system knows what the other did: a fresh store gets another schema than the old one, and a merge cannot say which level its result has.',
    fix: 'Decide which system goes on. Bring its ledger up to the schema that is there, and freeze the other. Until then stores are not merged.',
    not: 'One system per service or store, programs side by side that are known to open different stores, systems without a table in common, tests and examples.',
  },
  detect(facts) {
    const systems = migrationSystems(facts.code);
    return [...together(systems, facts), ...ledgers(facts), ...systems.flatMap(within)];
  },
};

/** Systems that touch a table in common. Two folders of Django are two applications of one system. */
function together(systems: readonly MigrationSystem[], facts: Facts): readonly Draft[] {
  const groups: MigrationSystem[][] = [];
  for (const system of systems) {
    const met = groups.filter((group) => group.some((other) => meet(system, other, facts)));
    const joined = [...met.flat(), system];
    for (const group of met) groups.splice(groups.indexOf(group), 1);
    groups.push(joined);
  }
  return groups.flatMap((group) => {
    if (group.length < 2) return [];
    const tools = [...new Set(group.map(({ tool }) => tool))];
    const shared = [...new Set(group.flatMap(({ tables }) => [...tables]))].filter(
      (table) => group.filter(({ tables }) => tables.has(table)).length > 1,
    );
    const files = group.reduce((sum, one) => sum + one.files.length, 0);
    return [
      {
        severity: 'high' as const,
        confidence: 'likely' as const,
        message: `${count(group.length, 'migration system')} (${list(tools)}) change the same tables: ${list(shared)}.`,
        at: group.map(({ folder, files: own }) => ({ path: folder === '' ? (own[0] ?? '.') : folder })),
        evidence: [
          ...group.map(
            (one) =>
              `${one.tool} in ${shownFolder(one)}: ${count(one.files.length, 'file')}, ${count(one.tables.size, 'table')}`,
          ),
          `${count(shared.length, 'table')} in common, ${count(files, 'file')} in all`,
        ],
        consequence: 'No system knows what the other did; a new store gets another schema than an old one.',
        action: 'Decide which one goes on, bring its ledger up to the schema that is there, freeze the others.',
      },
    ];
  });
}

function meet(a: MigrationSystem, b: MigrationSystem, facts: Facts): boolean {
  if (a.tool === 'Django' && b.tool === 'Django') return false;
  return (
    [...a.tables].some((table) => b.tables.has(table)) && !areCopiesOfServices(a, b) && !haveOwnStores(a, b, facts)
  );
}

/** Two programs side by side, of which each is known to open stores that the other does not. */
function haveOwnStores(a: MigrationSystem, b: MigrationSystem, { code }: Facts): boolean {
  const [one, other] = [a, b].map(({ folder }) => {
    const part = partOf(folder.split('/'));
    const opened = code.bindings.flatMap(({ path, target }) => {
      if (part === '' || !path.startsWith(`${part}/`)) return [];
      return target.kind === 'store' ? [target.store] : target.kind === 'runtime' ? [target.path] : [target.kind];
    });
    return { part, opened: new Set(opened.filter((name) => name !== 'memory' && name !== 'temporary')) };
  });
  if (one === undefined || other === undefined || one.part === other.part) return false;
  return one.opened.size > 0 && other.opened.size > 0 && [...one.opened].every((name) => !other.opened.has(name));
}

/** The same tool in two programs that stand apart, each with a schema of its own: a table name in common says little. */
function areCopiesOfServices(a: MigrationSystem, b: MigrationSystem): boolean {
  const [top, other] = [a, b].map(({ folder }) => folder.split('/'));
  if (a.tool !== b.tool || top === undefined || other === undefined) return false;
  const overlap = [...a.tables].filter((table) => b.tables.has(table)).length;
  return partOf(top) !== partOf(other) && overlap < Math.min(a.tables.size, b.tables.size) / 2;
}

const APART = /^(?:services|apps|packages|modules|examples)$/;
const partOf = (path: readonly string[]): string => path.slice(0, APART.test(path[0] ?? '') ? 2 : 1).join('/');

const shownFolder = ({ folder }: MigrationSystem): string => (folder === '' ? 'the project’s root' : `${folder}/`);

/** A store that records the migrations of two systems. */
function ledgers({ stores }: Facts): readonly Draft[] {
  return stores.flatMap((store) => {
    const systems = new Set(store.migrations.map(({ system }) => system));
    if (store.role !== 'live' || store.foreign !== undefined || systems.size < 2) return [];
    return [
      {
        severity: 'high' as const,
        confidence: 'proven' as const,
        message: `${store.id} carries the ledgers of ${count(systems.size, 'migration system')}: ${list([...systems])}.`,
        at: [{ path: store.path }],
        stores: [store.id],
        tables: store.migrations.map(({ table }) => ({ store: store.id, table })),
        evidence: store.migrations.map(
          ({ system, table, entries, latest }) =>
            `${system} (${table}): ${count(entries, 'migration')}${latest === null ? '' : `, latest ${latest}`}`,
        ),
        consequence:
          'Each system takes the schema for what its own ledger says; the next migration of either may fail.',
        action: 'Decide which one goes on before anything is merged into or out of this store.',
      },
    ];
  });
}

function within(system: MigrationSystem): readonly Draft[] {
  const drafts: Draft[] = [];
  const { heads, strays, journal, files, folder, tool } = system;
  if (heads.length > 1) {
    drafts.push({
      severity: 'high',
      confidence: 'proven',
      message: `${tool} in ${shownFolder(system)} has ${count(heads.length, 'head')}: ${list(heads.map(({ revision }) => revision))}.`,
      at: heads.map(({ path }) => ({ path })),
      evidence: [
        ...heads.slice(0, 8).map(({ revision, path }) => `no revision comes after ${revision} (${path})`),
        `${count(files.length, 'revision')} in all`,
      ],
      consequence: '`alembic upgrade head` refuses to run, and stores end up on different branches.',
      action: 'Merge the heads (`alembic merge heads`) once it is clear what each of them changes.',
    });
  }
  if (strays.length > 0) {
    drafts.push({
      severity: 'medium',
      confidence: 'likely',
      message: `${count(strays.length, 'revision')} of ${tool} ${strays.length === 1 ? 'lies' : 'lie'} outside versions/: ${list(strays, 3)}.`,
      at: strays.map((path) => ({ path })),
      evidence: [
        `${count(files.length - strays.length, 'revision is', 'revisions are')} in versions/ of ${shownFolder(system)}`,
      ],
      consequence:
        strays.length === 1
          ? 'The tool does not see it: what it changes is in no store that is made anew.'
          : 'The tool does not see them: what they change is in no store that is made anew.',
      action:
        strays.length === 1
          ? 'Find out where it was applied; move it into versions/ in its place, or remove it.'
          : 'Find out where they were applied; move them into versions/ in their place, or remove them.',
    });
  }
  if (journal !== undefined && journal.entries !== files.length) {
    drafts.push({
      severity: 'high',
      confidence: 'proven',
      message: `${journal.path} lists ${count(journal.entries, 'migration')}, and ${folder === '' ? 'the folder beside it' : `${folder}/`} holds ${count(files.length, 'file')}.`,
      at: [{ path: journal.path }],
      evidence: [`journal: ${count(journal.entries, 'entry', 'entries')}`, `SQL files: ${files.length}`],
      consequence: 'Files that the journal does not list are never applied; a new store lacks what they change.',
      action: 'Find out by hand which of them each store has, and map them before anything is merged.',
    });
  }
  return drafts;
}
