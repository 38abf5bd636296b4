/**
 * Judges a merged file from the truth of its fixture, by reading rows one by one: slow, and sharing no line with what is judged. An entity
 * is known by the columns that the truth names, a reference by the entity that it led to in the file it came from.
 */
import { DatabaseSync } from '@photostructure/sqlite';

/** What is counted, in the order of the table. */
export const COUNTS = ['lost', 'changed', 'misled', 'nowhere', 'back', 'doubled', 'retained'];

/** `retained`: addresses of source rows that were kept back with a reason: `[file, table, rowid]`. */
export function judge(fixture, files, merged, retained = []) {
  const before = files.map((path) => readFile(path, fixture));
  const after = readFile(merged, fixture);
  const score = Object.fromEntries(COUNTS.map((count) => [count, 0]));
  const notes = [];
  const note = (count, text, by = 1) => {
    score[count] += by;
    notes.push(`${count}: ${text}${by === 1 ? '' : ` (${by})`}`);
  };
  for (const [table, truth] of Object.entries(fixture.truth)) {
    const erased = new Set((fixture.erased?.[table] ?? []).map((one) => entityOf(one)));
    const counts = new Map((fixture.counts?.[table] ?? []).map(([one, n]) => [entityOf(one), n]));
    const keptBack = new Set();
    for (const { file, rowid } of retained.filter((one) => one.table === table)) {
      const entity = before[file]?.[table]?.byRowid.get(rowid)?.entity;
      if (entity === undefined) throw new Error(`${fixture.name}: the ledger keeps back a row that is not there`);
      // Who was erased is kept out for good: that is no question to anybody.
      if (erased.has(entity)) continue;
      keptBack.add(entity);
      note('retained', `${table} ${entity}`);
    }
    const entities = new Map();
    for (const store of before) {
      for (const row of store[table]?.rows ?? []) entities.set(row.entity, [...(entities.get(row.entity) ?? []), row]);
    }
    const found = new Map();
    for (const row of after[table]?.rows ?? []) found.set(row.entity, [...(found.get(row.entity) ?? []), row]);
    for (const [entity, rows] of entities) {
      const there = found.get(entity) ?? [];
      if (erased.has(entity)) {
        if (there.length > 0) note('back', `${table} ${entity}`, there.length);
        continue;
      }
      const expected = counts.get(entity) ?? 1;
      if (there.length < expected && !keptBack.has(entity)) note('lost', `${table} ${entity}`, expected - there.length);
      if (there.length > expected) note('doubled', `${table} ${entity}`, there.length - expected);
      for (const row of there.slice(0, 1)) judgeRow(table, truth, entity, rows, row, note);
    }
  }
  return { score, notes };
}

function judgeRow(table, truth, entity, sources, row, note) {
  const inOrder =
    truth.newest === undefined
      ? sources
      : [...sources].sort((a, b) => (a.values[truth.newest] < b.values[truth.newest] ? 1 : -1));
  const references = truth.references ?? [];
  const skipped = new Set([truth.key, ...references.map(({ column }) => column)]);
  const columns = new Set(sources.flatMap(({ values }) => Object.keys(values)));
  for (const column of columns) {
    // A key may become another one, where it only numbers rows.
    if (skipped.has(column) && !(column === truth.key && truth.is.includes(column))) continue;
    const said = inOrder.filter(({ values }) => column in values);
    const right =
      said.find(({ values }) => values[column] !== null) === undefined
        ? null
        : (said[0].values[column] ?? said.find(({ values }) => values[column] !== null).values[column]);
    const is = row.values[column] ?? null;
    if (!isSame(is, right)) note('changed', `${table} ${entity} ${column}`);
  }
  for (const { column } of references) {
    const right = inOrder[0].leadsTo[column];
    const is = row.leadsTo[column];
    if (is === right) continue;
    // To nobody where it led to somebody; to somebody else in any other case.
    note(is === NOBODY || is === null ? 'nowhere' : 'misled', `${table} ${entity} ${column}`);
  }
}

const NOBODY = 'nobody';

/** Every row of the tables of the truth, with the entity that it is and those that it refers to. */
function readFile(path, fixture) {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const there = new Set(
      db
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .all()
        .map(({ name }) => name),
    );
    const tables = {};
    for (const [table, truth] of Object.entries(fixture.truth)) {
      if (!there.has(table)) continue;
      const statement = db.prepare(`SELECT rowid AS "the rowid", * FROM "${table}"`);
      statement.setReadBigInts(true);
      const rows = statement.all().map((read) => {
        const { 'the rowid': rowid, ...values } = read;
        for (const [column, value] of Object.entries(values)) values[column] = plain(value);
        return {
          rowid: Number(rowid),
          values,
          entity: entityOf(truth.is.map((column) => (truth.fold ? fold(values[column]) : values[column]))),
          leadsTo: {},
        };
      });
      tables[table] = {
        rows,
        byRowid: new Map(rows.map((row) => [row.rowid, row])),
        byKey: new Map(rows.map((row) => [String(row.values[truth.key]), row.entity])),
      };
    }
    for (const [table, { references = [] }] of Object.entries(fixture.truth)) {
      for (const row of tables[table]?.rows ?? []) {
        for (const reference of references) row.leadsTo[reference.column] = leadsTo(row, reference, tables);
      }
    }
    return tables;
  } finally {
    db.close();
  }
}

function leadsTo({ values }, { column, to, type, json = false }, tables) {
  const value = values[column];
  if (value === null || value === undefined) return null;
  const table = type === undefined ? to : to[values[type]];
  const one = (id) => tables[table]?.byKey.get(String(id)) ?? NOBODY;
  if (!json) return one(value);
  const list = JSON.parse(String(value)).map(one);
  return list.length > 0 && list.every((entity) => entity === NOBODY) ? NOBODY : list.join(' + ');
}

/** A number that is written as the text says it can be turned back: nothing of it is lost. */
function isSame(a, b) {
  return a === b || (a !== null && b !== null && typeof a !== typeof b && String(a) === String(b));
}

/** Integers are told from reals by no one here: 1 and 1.0 are one value. */
function plain(value) {
  return typeof value === 'bigint' ? Number(value) : value;
}

const fold = (value) => (typeof value === 'string' ? value.toLowerCase() : value);

function entityOf(values) {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' · ');
}
