/** Declarations of one table that disagree and reach one store (trap C11). */
import type { Declaration } from '../code-model.ts';
import type { Detector, Facts } from '../model.ts';
import { type Clash, type Difference, tableClashes } from '../table-clashes.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const ddlClash: Detector = {
  doc: {
    code: 'ddl-clash',
    title: 'Declarations of one table disagree',
    severity: 'high',
    when: 'Statements or classes in code declare one table with different columns, and reach one store, or stores that hold the same data; or a declaration names columns that the store’s own table lacks. One finding per table; where nothing tells which store is reached, one for all tables of the same files. It is high where a program fails: a column is missing, or one that it does not fill is required.',
    why: '`CREATE TABLE IF NOT EXISTS` does nothing where the table is there: the program that starts first decides, and the others fail later, at the first row that needs what is missing.',
    fix: 'Keep one declaration in one place and bring the store up to it by a migration, before stores are merged.',
    not: 'Migrations and what they and ALTERs in code add, drop or rename, tests, examples, tables of one name in stores that hold different things, types that are commonly exchanged.',
  },
  detect(facts) {
    const clashes = tableClashes(facts);
    const placed = clashes.filter(({ stores }) => stores.length > 0);
    const loose = clashes.filter(({ stores }) => stores.length === 0);
    return [...placed.map((clash) => describe(clash, facts)), ...together(loose).map((same) => rivals(same, facts))];
  },
};

/** Clashes by the files that they are in: two that share one are one cause, a schema that stands in several places. */
function together(clashes: readonly Clash[]): readonly (readonly Clash[])[] {
  let groups: { files: Set<string>; clashes: Clash[] }[] = [];
  for (const clash of clashes) {
    const own = { files: new Set(clash.declarations.map(({ path }) => path)), clashes: [clash] };
    const joined = groups.filter(({ files }) => [...own.files].some((path) => files.has(path)));
    groups = groups.filter((group) => !joined.includes(group));
    groups.push({
      files: new Set([...joined, own].flatMap(({ files }) => [...files])),
      clashes: [...joined, own].flatMap((group) => group.clashes),
    });
  }
  return groups.map((group) => group.clashes);
}

const MOST_TABLES = 12;

/** Nothing tells which store they reach: all tables of these files at once. */
function rivals(clashes: readonly Clash[], facts: Facts): Draft {
  const [first] = clashes;
  if (first !== undefined && clashes.length === 1) return describe(first, facts);
  const drafts = clashes.map((clash) => ({ clash, ...describe(clash, facts) }));
  const files = [...new Set(drafts.flatMap(({ at }) => at.map(({ path }) => path)))];
  return {
    severity: 'low',
    confidence: 'possible',
    message: `${count(clashes.length, 'table')} are declared differently in ${list(files)}: ${list(
      clashes.map(({ table }) => table),
      6,
    )}.`,
    at: drafts.flatMap(({ at }) => at),
    tables: drafts.flatMap(({ tables = [] }) => tables),
    evidence: [
      ...drafts.slice(0, MOST_TABLES).map(
        ({ clash, at }) =>
          `${clash.table}: ${list(
            at.map(({ path, line }) => `${path}:${line}`),
            3,
          )} disagree about ${list(columnsOf(clash))}`,
      ),
      ...(drafts.length > MOST_TABLES ? [`and ${count(drafts.length - MOST_TABLES, 'more table')}`] : []),
      'which store they reach could not be told',
    ],
    consequence:
      'Whichever program starts first decides; the others fail when they name a column that is not there, or leave out one that is required.',
    action: 'Settle on one file that declares the tables, and let the others go.',
  };
}

/** Those without which a program fails, else all that differ. */
function columnsOf({ between, against }: Clash): readonly string[] {
  const differences = [...between, ...against].flatMap((one) => one.differences);
  const failing = differences.filter(({ kind }) => kind !== 'type');
  return [...new Set((failing.length > 0 ? failing : differences).map(({ column }) => column))];
}

function describe(clash: Clash, facts: Facts): Draft {
  const { table, declarations, stores, afterMerge, between, against } = clash;
  const differences = [...between, ...against].flatMap((one) => one.differences);
  const failing = differences.filter(({ kind }) => kind !== 'type');
  const columns = columnsOf(clash);
  const sure = failing.length > 0 && isCertain(clash, facts);
  const places = [...new Map(declarations.map((one) => [`${one.path}:${one.line}`, one])).values()];
  const files = against.map(({ store }) => store.id);
  const declaring = [...new Set(places.map(({ path }) => path))];
  return {
    severity: failing.length > 0 && stores.length > 0 ? 'high' : 'low',
    confidence: sure ? 'proven' : stores.length > 0 ? 'likely' : 'possible',
    message:
      between.length > 0
        ? `${count(places.length, 'declaration')} of ${table} disagree about ${list(columns)}${reach(stores, afterMerge)}.`
        : `${list(declaring, 3)} ${declaring.length === 1 ? 'declares' : 'declare'} ${table} otherwise than ${list([...new Set(files)])} has it (${list(columns)}).`,
    at: places.map(({ path, line }) => ({ path, line })),
    ...(stores.length === 0 ? {} : { stores }),
    tables: [...new Set([...stores, ...files])].sort().map((store) => ({ store, table })),
    evidence: [
      ...places.slice(0, 6).map((one) => `${one.path}:${one.line}: ${one.by}, ${count(one.columns.length, 'column')}`),
      ...lines(differences),
      ...(stores.length === 0 ? ['which store they reach could not be told'] : []),
    ],
    consequence:
      failing.length > 0
        ? 'Whichever program starts first decides; the others fail when they name a column that is not there, or leave out one that is required.'
        : 'Values are stored in another form than the other program expects.',
    action: 'Settle on one declaration and migrate the store to it before code or data is brought together.',
  };
}

const reach = (stores: readonly string[], afterMerge: boolean): string =>
  stores.length === 0 ? '' : afterMerge ? `; ${list(stores)} hold the same data` : ` and reach ${list(stores)}`;

function lines(differences: readonly Difference[]): readonly string[] {
  const rank = { required: 0, missing: 1, type: 2 };
  const sorted = differences.toSorted((x, y) => rank[x.kind] - rank[y.kind]);
  const unique = [...new Set(sorted.map(({ text }) => text))];
  return unique.length <= 8 ? unique : [...unique.slice(0, 7), `${unique.length - 7} more differences`];
}

/** Plain statements, one store, and connections that certainly open it. */
function isCertain({ between, against, stores }: Clash, { code }: Facts): boolean {
  const opens = ({ by, path, table }: Declaration, store: string): boolean =>
    by === 'CREATE TABLE' &&
    code.bindings.some(
      (binding) =>
        binding.store === store &&
        binding.confidence === 'proven' &&
        binding.tables.some((use) => use.path === path && use.table.toLowerCase() === table.toLowerCase()),
    );
  return (
    between.some(
      ({ a, b, differences }) =>
        differences.some(({ kind }) => kind !== 'type') && stores.some((store) => opens(a, store) && opens(b, store)),
    ) || against.some(({ a, store, differences }) => differences.length > 0 && opens(a, store.id))
  );
}
