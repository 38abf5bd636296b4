/**
 * Whether a merge is what its ledger says: every row of every source and of the target is looked for in the merged file, by joins, column
 * by column. Believes no counter, and shares nothing with what merges but the words. Reads only; sources are attached one at a time.
 * Whole because it is the list of everything that is verified.
 */
import { normaliseConforming } from '../../rows/normalise-sql.ts';
import { type Connection, fileUri, openConnection } from '../../stores/sqlite/driver.ts';
import { encodingOf } from '../../stores/sqlite/encoding.ts';
import { quoteName } from '../../stores/sqlite/quote.ts';
import type { MergeFiles, MergeProblem, MergeSpec, MergeVerification } from '../model.ts';
import { collectChanges } from './changes.ts';
import { type Claims, gatherRanges, openClaims, rangesLieApart } from './claims.ts';
import { comparePart } from './compare-part.ts';
import { damageOf } from './damage.ts';
import { danglingIn, declaredKeys, type NotVerified, sameKey, violations } from './foreign-keys.ts';
import type { Found, Unbalanced } from './found.ts';
import { checkLines, checkSums, ledgerPart } from './ledger-parts.ts';
import { checkRetained } from './retained.ts';
import { type Shape, shapeOf } from './shapes.ts';
import { type Balance, everything, type Share, type ShareResult, together } from './share.ts';
import { compareGhosts, compareTarget } from './target-rows.ts';
import { fillForeign, followReferences, mapElsewhere } from './translate.ts';
import type { PartView } from './views.ts';

export interface VerifyRequest {
  readonly spec: MergeSpec;
  readonly files: MergeFiles;
  readonly merged: string;
  readonly ledger: string;
}

/** Verified by several children at once: `askVerification`. */
export interface ShareRequest extends VerifyRequest {
  readonly share: Share;
}

/** Kept in the merged file on request; its rows are the ledger's, not a store's. */
const ID_MAP = 'desprawl_id_map';

export function verifyMerge(request: VerifyRequest): MergeVerification {
  return together([verifyShare({ ...request, share: everything(request.files.sources.length) })]);
}

export function verifyShare(request: ShareRequest): ShareResult {
  const db = openConnection('', 'memory');
  try {
    // A file with another encoding cannot be attached to one that holds nothing yet.
    db.exec(`PRAGMA encoding = ${sqlName(encodingOf(request.merged))}`);
    db.define('normalise', normaliseConforming);
    attach(db, 'mrg', request.merged);
    attach(db, 'led', request.ledger);
    if (request.files.target !== null) attach(db, 'tgt', request.files.target);
    return verify(db, request);
  } finally {
    db.close();
  }
}

function verify(db: Connection, { spec, files, share }: ShareRequest): ShareResult {
  const problems: MergeProblem[] = [];
  const notVerified: NotVerified[] = [];
  const counted = new Map<string, number>();
  const balances: Balance[] = [];
  let compared = 0;
  const found: Found = (what, table, source, rows, detail) => {
    if (rows > 0) problems.push({ what, table, source, rows, detail });
  };
  const unbalanced: Unbalanced = (what, table, rows, detail, against) => {
    balances.push({ problem: { what, table, source: null, rows, detail }, against });
  };
  const note = (name: string, rows: number): void => void counted.set(name, (counted.get(name) ?? 0) + rows);
  const result = (damage: string | null): ShareResult => ({
    damage,
    problems,
    rows: compared,
    notVerified,
    counted: Object.fromEntries(counted),
    balances,
  });
  const damage = share.damage ? damageOf(db, files.target !== null) : null;
  if (damage !== null || (share.sources.length === 0 && !share.target)) return result(damage);
  const shape = (schema: string, table: string): Shape | null =>
    schema === 'tgt' && files.target === null ? null : shapeOf(db, schema, table);
  const surrogateOf = (table: string): string | null =>
    spec.tables.find((one) => one.table === table)?.surrogate ?? null;

  const views = collectViews(db, spec, files, share, shape, found);
  const tables = spec.tables.map((table, i) => {
    const mine = views.filter((view) => view.table === table).sort((x, y) => x.at - y.at);
    return { table, mine, changed: collectChanges(db, mine, `changed_${i}`), unlisted: `unlisted ${table.table}` };
  });

  const foreign = foreignMaps(
    db,
    files,
    views,
    views.filter((view) => share.sources.includes(view.spec.source)),
  );
  for (const i of share.sources) {
    attach(db, 'src', files.sources[i] ?? '');
    const here = views.filter((view) => view.spec.source === i);
    const partsInto = (table: string): readonly PartView[] => here.filter((view) => view.table.table === table);
    for (const view of here) {
      const state = tables.find((one) => one.table === view.table);
      if (state === undefined) continue;
      checkLines(db, view, found);
      countDangling(db, view, partsInto, foreign, note);
      const followed = followReferences(db, view, partsInto, (name) => `mrg.${quoteName(name)}`, surrogateOf, foreign);
      const counts = comparePart(db, view, followed, state.changed, found);
      checkRetained(db, view, followed, shape('tgt', view.table.table), found);
      checkSums(db, view, counts, found);
      for (const { map } of followed) if (map !== null) db.exec(`DROP TABLE ${map}`);
      note(state.unlisted, counts.unlisted);
      compared += counts.rows;
    }
    db.exec('DETACH src');
  }
  if (!share.target) return result(null);

  const claims = tables.map(({ table, mine }, i): Claims | null => {
    const [merged, target] = [shape('mrg', table.table), shape('tgt', table.table)];
    if (merged === null) found('counts', table.table, null, 1, 'the merged file has no such table');
    const apart = rangesLieApart(db, mine, target, `claims_${i}`);
    return merged === null ? null : openClaims(db, table.table, merged, target, `claims_${i}`, apart);
  });
  const settle = (at: number, present: number): void => {
    const { mine = [], unlisted = '' } = tables[at] ?? {};
    claims[at]?.settle(mine, { unlisted, present }, found, unbalanced);
  };
  for (const [i, file] of files.sources.entries()) {
    attach(db, 'src', file);
    for (const view of views.filter(({ spec }) => spec.source === i))
      claims[spec.tables.indexOf(view.table)]?.add(view);
    db.exec('DETACH src');
  }
  for (const name of namesOf(db, files.target === null ? null : 'tgt')) {
    const before = shape('tgt', name);
    if (before === null) continue;
    const at = tables.findIndex(({ table }) => same(table.table, name));
    const state = tables[at];
    const counts = compareTarget(db, name, before, shape('mrg', name), state?.table, state?.changed ?? null, found);
    compared += counts.rows;
    if (state === undefined) strangers(db, name, shape('mrg', name), counts.present, found);
    else {
      compareGhosts(db, state.table, shape, surrogateOf, found);
      settle(at, counts.present);
    }
  }
  for (const [at, { table }] of tables.entries()) if (shape('tgt', table.table) === null) settle(at, 0);
  for (const name of namesOf(db, 'mrg')) {
    const isKnown = shape('tgt', name) !== null || spec.tables.some(({ table }) => same(table, name));
    if (!isKnown && !(spec.idMapTable && name === ID_MAP)) strangers(db, name, shape('mrg', name), 0, found);
  }
  checkSequence(db, files.target !== null, found);
  for (const name of namesOf(db, 'mrg')) checkReferences(db, name, files.target !== null, unbalanced, notVerified);
  notVerified.push(...virtualTables(db));
  return result(null);
}

/** Where ids went that sources hold of rows of other stores. */
function foreignMaps(
  db: Connection,
  files: MergeFiles,
  views: readonly PartView[],
  compared: readonly PartView[],
): ReadonlyMap<string, string> {
  const foreign = new Map<string, string>();
  const holding = compared.filter(({ spec }) => Object.keys(spec.idsOf ?? {}).length > 0);
  if (holding.length === 0) return foreign;
  for (const [i, file] of files.sources.entries()) {
    const here = views.filter((view) => view.spec.source === i);
    attach(db, 'src', file);
    for (const view of holding) {
      fillForeign(db, view, i, (table) => here.filter((one) => one.table.table === table), foreign);
    }
    db.exec('DETACH src');
  }
  if (files.target !== null) for (const view of holding) fillForeign(db, view, 'target', () => [], foreign);
  return foreign;
}

/** What stands in the specification, as the files and the ledger have it. Also notes where the rows of each part land. */
function collectViews(
  db: Connection,
  spec: MergeSpec,
  files: MergeFiles,
  share: Share,
  shape: (schema: string, table: string) => Shape | null,
  found: Found,
): readonly PartView[] {
  const views: PartView[] = [];
  for (const [i, file] of files.sources.entries()) {
    const source = spec.sources[i];
    if (source === undefined) continue;
    attach(db, 'src', file);
    for (const [t, table] of spec.tables.entries()) {
      for (const part of table.parts.filter((one) => one.source === i)) {
        const [src, mrg] = [shape('src', part.table), shape('mrg', table.table)];
        if (src === null) continue;
        const line = ledgerPart(db, source.path, part.table, table.table);
        if (line === undefined || mrg === null) {
          if (!share.sources.includes(i)) continue;
          const rows = Number(db.row(`SELECT count(*) FROM ${src.from}`)?.[0] ?? 0);
          found('unaccounted', table.table, source.path, rows, `the ledger has no line about the table ${part.table}`);
          continue;
        }
        const spans = !src.withoutRowid && !mrg.withoutRowid;
        const view = {
          ...line,
          spans,
          spec: part,
          table,
          source: source.path,
          isText: source.kind === 'text',
          src,
          mrg,
        };
        if (share.target) gatherRanges(db, view, `claims_${t}`);
        views.push(view);
      }
    }
    db.exec('DETACH src');
  }
  return views;
}

/** A table that no part comes into holds what the target held. */
function strangers(db: Connection, name: string, merged: Shape | null, present: number, found: Found): void {
  if (merged === null) return;
  const rows = Number(db.row(`SELECT count(*) FROM ${merged.from}`)?.[0] ?? 0);
  found('row-of-nobody', name, null, Math.max(0, rows - present), 'rows of a table that takes no part in the merge');
}

function countDangling(
  db: Connection,
  view: PartView,
  partsInto: (table: string) => readonly PartView[],
  foreign: ReadonlyMap<string, string>,
  note: (name: string, rows: number) => void,
): void {
  for (const key of declaredKeys(db, 'mrg', view.table.table)) {
    const elsewhere = mapElsewhere(view, key.columns, key.to, foreign);
    note(danglingBy(key.id, view.table.table), danglingIn(db, view, key, partsInto(key.to), elsewhere));
  }
}

const danglingBy = (key: number, table: string): string => `dangling ${key} ${table}`;

function checkReferences(
  db: Connection,
  table: string,
  hasTarget: boolean,
  unbalanced: Unbalanced,
  notVerified: NotVerified[],
): void {
  const keys = declaredKeys(db, 'mrg', table);
  if (keys.length === 0) return;
  const after = violations(db, 'mrg', table);
  if (after === null) {
    notVerified.push({ what: `references of ${table}`, why: 'a constraint names a table or key that is not there' });
    return;
  }
  const before = hasTarget ? violations(db, 'tgt', table) : null;
  const keysBefore = hasTarget ? declaredKeys(db, 'tgt', table) : [];
  for (const key of keys) {
    const was = sameKey(keysBefore, key);
    unbalanced(
      'reference-baseline',
      table,
      (after.get(key.id) ?? 0) - (was === undefined ? 0 : (before?.get(was.id) ?? 0)),
      `rows whose ${key.columns.join(', ')} leads to no row of ${key.to}, more than before`,
      danglingBy(key.id, table),
    );
  }
}

/** What AUTOINCREMENT gave away once stays given away. */
function checkSequence(db: Connection, hasTarget: boolean, found: Found): void {
  const has = (schema: string): boolean =>
    db.row(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = 'sqlite_sequence'`) !== undefined;
  if (!has('mrg')) return;
  if (hasTarget && has('tgt')) {
    const lower = `SELECT count(*) FROM tgt.sqlite_sequence t LEFT JOIN mrg.sqlite_sequence m ON m.name = t.name COLLATE BINARY
      WHERE coalesce(m.seq < t.seq, 1)`;
    found(
      'target-row-changed',
      'sqlite_sequence',
      null,
      Number(db.row(lower)?.[0] ?? 0),
      'numbers that were given away would be given again',
    );
  }
}

/** Ordinary tables, without SQLite's own and those that belong to virtual ones. */
function namesOf(db: Connection, schema: string | null): readonly string[] {
  if (schema === null) return [];
  return db
    .rows(
      `SELECT name FROM pragma_table_list WHERE schema = ? AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
      schema,
    )
    .map(([name]) => String(name));
}

/** Their content is a copy of other tables', or nobody here can read it (trap R20). */
function virtualTables(db: Connection): readonly NotVerified[] {
  return db
    .rows("SELECT name FROM pragma_table_list WHERE schema = 'mrg' AND type = 'virtual' ORDER BY name")
    .map(([name]) => ({ what: String(name), why: 'a virtual table: what it holds is not compared row by row' }));
}

const same = (x: string, y: string): boolean => x.toLowerCase() === y.toLowerCase();
const sqlName = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function attach(db: Connection, name: string, file: string): void {
  db.rows(`ATTACH ? AS ${name}`, fileUri(file, 'immutable'));
}
