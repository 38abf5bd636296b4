/** The engine of `merge`, with the answers of `specs.mjs`; columns are listed from the files, by name. What it keeps back is read from its ledger. */
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { openPool } from '../../dist/stores/child/pool.js';
import { SPECS } from './specs.mjs';

const SECONDS = 60;

export const desprawl = {
  name: 'desprawl',
  async run(fixture, { files, ancestor }, dir) {
    const [target, ...others] = files.map((file, i) => ({ file, path: fixture.files[i].name, at: i }));
    const sources = others.sort((a, b) => (a.path < b.path ? -1 : 1));
    const [merged, ledger] = [join(dir, 'merged.db'), join(dir, 'ledger.db')];
    const spec = specOf(SPECS[fixture.name], target.file, sources, ancestor);
    const inputs = {
      target: target.file,
      sources: sources.map(({ file }) => file),
      ancestors: sources.map(() => ancestor),
    };
    const request = {
      spec,
      files: inputs,
      merged,
      ledger,
      target: { path: target.path, sha256: null },
      sha256: sources.map(() => null),
    };
    const pool = openPool({ size: 1, tempDir: dir });
    try {
      const result = await pool.ask('merge', request, SECONDS);
      if (result.unsettled.length > 0)
        throw new Error(`${fixture.name}: not settled: ${JSON.stringify(result.unsettled)}`);
      const { problems } = await pool.ask('verifyMerge', { spec, files: inputs, merged, ledger }, SECONDS);
      if (problems.length > 0) throw new Error(`${fixture.name}: ${JSON.stringify(problems)}`);
    } finally {
      pool.close();
    }
    return {
      merged,
      retained: retainedOf(
        ledger,
        fixture.files.map(({ name }) => name),
      ),
    };
  },
};

function specOf(answers, target, sources, ancestor) {
  const theirs = sources.map(({ file }) => columnsOf(file));
  const mine = columnsOf(target);
  const before = ancestor === null ? {} : columnsOf(ancestor);
  const tables = Object.entries(answers).map(([table, answer]) => {
    const { identity, surrogate, references = [], wins = 'target', time = null, forms = {}, compared = {} } = answer;
    const own = mine[table];
    const added = theirs
      .flatMap((of) => of[table] ?? [])
      .filter(
        ({ name }, i, all) => !own.some((one) => one.name === name) && all.findIndex((one) => one.name === name) === i,
      );
    const refers = new Set(references.flatMap(({ columns }) => columns));
    const columns = [...own.map((one) => [one, false]), ...added.map((one) => [one, true])].map(
      ([{ name, type }, isAdded]) => ({
        name,
        type,
        added: isAdded,
        normaliser: refers.has(name) ? 'exact' : (compared[name] ?? 'exact'),
      }),
    );
    return {
      table,
      madeFrom: null,
      columns,
      identity,
      surrogate,
      references,
      parts: theirs.flatMap((of, source) =>
        of[table] === undefined ? [] : [partOf(source, table, of[table], before[table], forms)],
      ),
      differ: Object.fromEntries(columns.map(({ name }) => [name, wins])),
      timeColumn: time,
      deleted: 'stays',
    };
  });
  return { version: 1, sources: sources.map(({ path }) => ({ path, kind: 'sqlite' })), tables, idMapTable: false };
}

function partOf(source, table, columns, before, forms) {
  const from = ({ name }) => [name, { from: name, ...(forms[name] === undefined ? {} : { form: forms[name] }) }];
  return {
    source,
    table,
    columns: Object.fromEntries(columns.map(from)),
    leftOut: [],
    ancestor:
      before === undefined ? null : { table, columns: Object.fromEntries(before.map(({ name }) => [name, name])) },
  };
}

function columnsOf(file) {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").all();
    const of = (table) => db.prepare('SELECT name, type FROM pragma_table_info(?)').all(table);
    return Object.fromEntries(names.map(({ name }) => [name, of(name)]));
  } finally {
    db.close();
  }
}

/** Presence 4 of docs/ledger.md. */
function retainedOf(ledger, names) {
  const db = new DatabaseSync(ledger, { readOnly: true });
  try {
    const parts = db.prepare('SELECT part, path, target_table FROM parts JOIN stores USING (store)').all();
    return parts.flatMap(({ part, path, target_table: table }) =>
      db
        .prepare(`SELECT o0 FROM rows_${part} WHERE presence = 4`)
        .all()
        .map(({ o0 }) => ({ file: names.indexOf(path), table, rowid: Number(o0) })),
    );
  } finally {
    db.close();
  }
}
