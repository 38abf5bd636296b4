/**
 * Many stores become one (docs/merging.md): a new file beside the target and a ledger of every row. Runs in a child process, on private
 * copies; where anything fails, neither file is left.
 */
import { jsonIds, jsonPutIds } from '../../rows/json-ids.ts';
import { normaliseConforming } from '../../rows/normalise-sql.ts';
import { knots } from '../../rows/reference-order.ts';
import { writeForm } from '../../rows/write-form.ts';
import { type Connection, fileUri } from '../../stores/sqlite/driver.ts';
import { LEDGER_VERSION } from '../ledger-schema.ts';
import type { MergeRequest, MergeResult, PartResult } from '../model.ts';
import { closeFiles, openFiles, refuseExisting, removeFiles } from './files.ts';
import { finish, raiseSequence } from './finish.ts';
import { findGhosts } from './ghosts.ts';
import { makeIdMap, writeIdMap } from './id-map.ts';
import { makeTables } from './make-table.ts';
import type { Engine, Part } from './model.ts';
import { prepare } from './prepare.ts';
import { resultOf } from './result.ts';
import { partsOf } from './source.ts';
import { dropTriggers } from './triggers.ts';
import { workOn } from './work-on.ts';

export function mergeStores(request: MergeRequest): MergeResult {
  refuseExisting(request);
  try {
    const opened = openFiles(request);
    try {
      const result = run(opened.db, request);
      closeFiles(opened, request.merged);
      if (result.unsettled.length > 0) removeFiles(request);
      return result;
    } finally {
      opened.db.close();
    }
  } catch (error) {
    removeFiles(request);
    throw error;
  }
}

function run(db: Connection, request: MergeRequest): MergeResult {
  db.define('normalise', normaliseConforming);
  db.define('write_form', writeForm);
  db.define('json_ids', jsonIds);
  db.define('json_put_ids', jsonPutIds);
  noteStores(db, request);
  const triggers = dropTriggers(db);
  makeTables(db, request);
  const engine = prepare(db, request);
  if (request.spec.idMapTable) makeIdMap(engine);
  const order = knots(
    request.spec.tables.map(({ references }) =>
      references
        .map(({ to }) => request.spec.tables.findIndex(({ table }) => table === to))
        .filter((position) => position !== -1),
    ),
  );
  const parts: PartResult[] = [];
  for (const source of request.spec.sources.keys()) {
    parts.push(...mergeSource(engine, source, parts.length + 1, order));
  }
  const tables = engine.targets.map(({ spec, shape, before }) => ({
    table: spec.table,
    before,
    after: Number(db.row(`SELECT count(*) FROM ${shape.sql}`)?.[0] ?? 0),
  }));
  const unsettled = [...engine.unsettled].flatMap(([{ spec }, columns]) =>
    [...columns].map(([column, rows]) => ({ table: spec.table, column, rows })),
  );
  return { parts, tables, ...finish(db, triggers), unsettled };
}

function noteStores(db: Connection, { spec, target, sha256 }: MergeRequest): void {
  db.prepare('INSERT INTO ledger.ledger VALUES (?, ?, ?)')(BigInt(LEDGER_VERSION), target.path, JSON.stringify(spec));
  const store = db.prepare('INSERT INTO ledger.stores (path, sha256, role) VALUES (?, ?, ?)');
  store(target.path, target.sha256, 'target');
  for (const [i, { path }] of spec.sources.entries()) store(path, sha256[i] ?? null, 'source');
}

function mergeSource(
  engine: Engine,
  source: number,
  first: number,
  order: readonly (readonly number[])[],
): readonly PartResult[] {
  const { db, request } = engine;
  const { files } = request;
  db.rows('ATTACH ? AS s', fileUri(files.sources[source] ?? '', 'immutable'));
  const ancestor = files.ancestors[source] ?? null;
  if (ancestor !== null) db.rows('ATTACH ? AS c', fileUri(ancestor, 'immutable'));
  if (ancestor !== null && files.target !== null) db.rows('ATTACH ? AS t', fileUri(files.target, 'immutable'));
  const parts = partsOf(engine, source, first);
  findGhosts(engine, parts);
  for (const knot of order) {
    // Where several tables of a source become one, the later ones meet the rows of the first.
    for (const wave of waves(parts.filter(({ target }) => knot.includes(target.at)))) workOn(engine, wave);
  }
  const results = parts.map((part) => {
    if (request.spec.idMapTable) writeIdMap(engine, part);
    raiseSequence(db, part);
    return resultOf(engine, part);
  });
  db.exec('DETACH s');
  if (ancestor !== null) db.exec('DETACH c');
  if (ancestor !== null && files.target !== null) db.exec('DETACH t');
  return results;
}

function waves(parts: readonly Part[]): readonly (readonly Part[])[] {
  const found: Part[][] = [];
  for (const part of parts) {
    const at = found.findIndex((wave) => !wave.some(({ target }) => target === part.target));
    if (at === -1) found.push([part]);
    else found[at]?.push(part);
  }
  return found;
}
