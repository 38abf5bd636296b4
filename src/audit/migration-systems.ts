/**
 * What brings a schema from one version to the next, as far as files tell: each tool leaves its own kind of folder
 * (trap C12). Says where each is, how much is in it and which tables it touches; whether they meet is not said here.
 */
import { callsOf, pushChildren } from '../code/calls.ts';
import type { Assign, Expr, FileFacts } from '../code/facts.ts';
import type { Code } from './code-model.ts';
import { isAside } from './set-aside.ts';
import { linesOf } from './words-of-code.ts';

export type MigrationTool =
  | 'Alembic'
  | 'Prisma'
  | 'Drizzle'
  | 'Django'
  | 'Knex'
  | 'TypeORM'
  | 'Sequelize'
  | 'numbered SQL files';

export interface MigrationSystem {
  readonly tool: MigrationTool;
  readonly folder: string;
  readonly files: readonly string[];
  /** Lower case. */
  readonly tables: ReadonlySet<string>;
  /** Alembic: revisions that no other one comes after, with their files. */
  readonly heads: readonly { readonly revision: string; readonly path: string }[];
  /** Alembic: files of revisions that lie outside the folder `versions`. */
  readonly strays: readonly string[];
  /** Drizzle: entries of the journal. */
  readonly journal?: { readonly path: string; readonly entries: number };
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export function migrationSystems(code: Code): readonly MigrationSystem[] {
  const found = new Map<string, { tool: MigrationTool; folder: string; files: string[] }>();
  const revisions: string[] = [];
  const journals = [...code.files.keys()].filter(
    (path) => /(?:^|\/)meta\/_journal\.json$/.test(path) && !isAside(path),
  );
  const drizzle = new Set(journals.map((path) => folderOf(folderOf(path))));
  for (const [path, facts] of code.files) {
    if (isAside(path, facts) || facts.read === 'none') continue;
    if (facts.language === 'python' && code.answer(path, 'is a revision', () => isRevision(path, facts))) {
      revisions.push(path);
      continue;
    }
    const place = placeOf(path, facts, drizzle, code);
    if (place === undefined) continue;
    const key = `${place.tool}\n${place.folder}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { ...place, files: [path] });
    else known.files.push(path);
  }
  const systems: MigrationSystem[] = [...found.values()]
    .filter(({ tool, files }) => tool !== 'numbered SQL files' || files.length > 1)
    .map((one) => {
      const journal =
        one.tool === 'Drizzle' ? journals.find((path) => folderOf(folderOf(path)) === one.folder) : undefined;
      return {
        ...one,
        files: one.files.sort(),
        tables: tablesOf(one.files, code),
        heads: [],
        strays: [],
        ...(journal === undefined ? {} : { journal: { path: journal, entries: entriesOf(journal, code) } }),
      };
    });
  return [...systems, ...alembic(revisions, code)].sort((x, y) =>
    x.folder < y.folder ? -1 : x.folder > y.folder ? 1 : 0,
  );
}

function placeOf(
  path: string,
  facts: FileFacts,
  drizzle: ReadonlySet<string>,
  code: Code,
): { readonly tool: MigrationTool; readonly folder: string } | undefined {
  const folder = folderOf(path);
  const name = nameOf(path);
  if (name === 'migration.sql' && /(?:^|\/)migrations\/\d{8,}_[^/]+$/.test(folder)) {
    return { tool: 'Prisma', folder: folderOf(folder) };
  }
  if (drizzle.has(folder) && name.endsWith('.sql')) return { tool: 'Drizzle', folder };
  if (
    facts.language === 'sql' &&
    /^(?:V\d[\d._]*__|\d{1,14}[_-])[^/]*\.sql$/i.test(name) &&
    !/down\.sql$/i.test(name)
  ) {
    return { tool: 'numbered SQL files', folder };
  }
  if (facts.language === 'python' && /(?:^|\/)migrations$/.test(folder) && /^\d{4}_\w+\.py$/.test(name)) {
    return { tool: 'Django', folder };
  }
  if (facts.language === 'typescript' && /(?:^|\/)\w*migrations?$/i.test(folder) && /^\d{8,}[-_]/.test(name)) {
    const text = linesOf(code, path).slice(0, 60).join('\n');
    if (/MigrationInterface/.test(text)) return { tool: 'TypeORM', folder };
    if (/queryInterface/.test(text)) return { tool: 'Sequelize', folder };
    if (/\bknex\b/i.test(text)) return { tool: 'Knex', folder };
  }
  return undefined;
}

function entriesOf(journal: string, code: Code): number {
  try {
    const parsed: unknown = JSON.parse(linesOf(code, journal).join('\n'));
    const entries = (parsed as { entries?: unknown } | null)?.entries;
    return Array.isArray(entries) ? entries.length : 0;
  } catch {
    return 0;
  }
}

const isRevision = (path: string, facts: FileFacts): boolean =>
  facts.language === 'python' &&
  nameOf(path) !== 'env.py' &&
  ['revision', 'down_revision'].every((name) => facts.exports.some((one) => one.name === name));

function alembic(paths: readonly string[], code: Code): readonly MigrationSystem[] {
  const homes = new Map<string, string[]>();
  // The folder of env.py is the system; without one, whatever holds `versions`.
  const roots = [...code.files.keys()].filter((path) => nameOf(path) === 'env.py' && !isAside(path)).map(folderOf);
  for (const path of paths) {
    const own = roots
      .filter((root) => root === '' || path.startsWith(`${root}/`))
      .sort((x, y) => y.length - x.length)[0];
    const versions = /^(.*?)(?:^|\/)versions(?:\/|$)/.exec(folderOf(path))?.[1];
    const home = own ?? versions ?? nearest(path, roots) ?? folderOf(path);
    homes.set(home, [...(homes.get(home) ?? []), path]);
  }
  return [...homes].map(([folder, files]) => {
    // Folders inside `versions` are not searched by the tool unless it is told to.
    const level = [...new Set(files.map(folderOf))].sort((x, y) => x.length - y.length);
    const main = level.find((one) => /(?:^|\/)versions$/.test(one)) ?? level[0] ?? folder;
    const read = files
      .filter((path) => folderOf(path) === main)
      .map((path) => ({ path, ...code.answer(path, 'revision', () => revisionOf(code.structureOf(path))) }));
    const named = new Set(read.flatMap(({ down }) => down));
    const complete = read.every(({ revision, certain }) => revision !== undefined && certain);
    const inVersions = files.filter((path) => /(?:^|\/)versions\//.test(path));
    return {
      tool: 'Alembic' as const,
      folder,
      files: files.sort(),
      tables: tablesOf(files, code),
      heads: complete
        ? read.flatMap(({ path, revision = '' }) => (named.has(revision) ? [] : [{ revision, path }]))
        : [],
      strays: inVersions.length > 0 ? files.filter((path) => !inVersions.includes(path)) : [],
    };
  });
}

/** Revisions outside every system belong to the one that lies in the same part of the project. */
function nearest(path: string, roots: readonly string[]): string | undefined {
  return roots.find((root) => folderOf(root) === '' || path.startsWith(`${folderOf(root)}/`));
}

function revisionOf(facts: FileFacts): {
  readonly revision?: string;
  readonly down: readonly string[];
  readonly certain: boolean;
} {
  const top = (name: string): Assign | undefined =>
    facts.assigns.findLast(({ scope, to }) => scope === 0 && to === name);
  const revision = top('revision')?.value;
  const down = top('down_revision')?.value;
  const parts = down === undefined ? [] : down.k === 'list' ? down.items : [down];
  const labels = top('depends_on')?.value;
  return {
    ...(revision?.k === 'text' ? { revision: revision.v } : {}),
    down: parts.flatMap((part) => (part.k === 'text' ? [part.v] : [])),
    certain:
      parts.length > 0 &&
      parts.every(({ k }) => k === 'text' || k === 'null') &&
      (labels === undefined || labels.k === 'null'),
  };
}

/** Tables that migrations create or alter: SQL, `op.create_table("x")`, `knex.schema.createTable('x')`. */
function tablesOf(files: readonly string[], code: Code): ReadonlySet<string> {
  const tables = new Set<string>();
  const add = (name: string): void => {
    if (name !== '?' && !/^(?:alembic_version|_prisma_migrations|schema_migrations)$/i.test(name))
      tables.add(name.toLowerCase());
  };
  for (const path of files) {
    for (const table of code.answer(path, 'tables it makes', () => tablesIn(code.structureOf(path)))) add(table);
  }
  return tables;
}

/** As they are written, of one file. */
function tablesIn(facts: FileFacts): readonly string[] {
  const tables = new Set<string>();
  for (const { table, access } of facts.sql) if (access === 'ddl') tables.add(table);
  for (const { call, name } of callsOf(facts)) {
    if (
      !/^(?:create_table|add_column|alter_column|batch_alter_table|createTable|alterTable|table|addColumn|CreateModel)$/.test(
        name,
      )
    )
      continue;
    const first = call.args[0] ?? call.named?.name;
    if (first?.k === 'text') tables.add(first.v);
  }
  for (const expr of expressions(facts)) {
    if (expr.k === 'sql') for (const { table, access } of expr.uses) if (access === 'ddl') tables.add(table);
  }
  return [...tables];
}

function expressions(facts: FileFacts): readonly Expr[] {
  const found: Expr[] = [];
  const queue: Expr[] = [...facts.assigns, ...facts.statements].map(({ value }) => value);
  for (const { returns = [] } of facts.scopes) queue.push(...returns);
  for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
    found.push(expr);
    pushChildren(expr, queue);
  }
  return found;
}
