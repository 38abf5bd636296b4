/**
 * Many stores become one (docs/merging.md): a new file beside the target and a ledger of every row. Runs in a child process, on private
 * copies; where anything fails, neither file is left.
 */
import { jsonIds, jsonPutIds } from '../../rows/json-ids.ts';
import { masked } from '../../rows/mask.ts';
import { normaliseConforming } from '../../rows/normalise-sql.ts';
import { knots } from '../../rows/reference-order.ts';
import { writeForm } from '../../rows/write-form.ts';
import { UnreadableStore } from '../../stores/reader.ts';
import type { Connection } from '../../stores/sqlite/driver.ts';
import { LEDGER_VERSION } from '../ledger-schema.ts';
import type { MergeRequest, MergeResult, MergeSpec, PartResult } from '../model.ts';
import { noteErased } from './erased.ts';
import { attach, during, failureOf, fullDisk } from './failure.ts';
import { closeFiles, openFiles, refuseExisting, removeFiles } from './files.ts';
import { finish, raiseSequence } from './finish.ts';
import { findGhosts, noteForeignGhosts } from './ghosts.ts';
import { makeIdMap, writeIdMap } from './id-map.ts';
import { makeTables } from './make-table.ts';
import type { Engine, Part } from './model.ts';
import { prepare } from './prepare.ts';
import { resultOf } from './result.ts';
import { foreignSchema, partsOf } from './source.ts';
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
    } catch (error) {
      throw failureOf(opened.db, request, null, error);
    } finally {
      opened.db.close();
    }
  } catch (error) {
    removeFiles(request);
    throw fullDisk(error) ?? error;
  }
}

function run(db: Connection, request: MergeRequest): MergeResult {
  db.define('normalise', normaliseConforming);
  db.define('write_form', writeForm);
  db.define('json_ids', jsonIds);
  db.define('json_put_ids', jsonPutIds);
  db.define('masked', masked);
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
  const results = new Map<number, PartResult>();
  const sources = inOrder(request.spec, order);
  const stores = allParts(engine, sources);
  noteErased(engine, stores);
  for (const knot of order) {
    for (const source of sources) {
      const parts = (stores[source] ?? []).filter(({ target }) => knot.includes(target.at));
      if (parts.length === 0) continue;
      withSource(engine, parts, () => {
        const siblings = stores[source] ?? [];
        // Where several tables of a source become one, the later ones meet the rows of the first.
        for (const wave of waves(parts)) {
          findGhosts(engine, wave, siblings);
          workOn(engine, wave);
        }
        for (const part of parts) {
          if (request.spec.idMapTable) writeIdMap(engine, part);
          raiseSequence(db, part);
          results.set(part.number, resultOf(engine, part));
        }
      });
    }
  }
  const tables = engine.targets.map(({ spec, shape, before }) => ({
    table: spec.table,
    before,
    after: Number(db.row(`SELECT count(*) FROM ${shape.sql}`)?.[0] ?? 0),
  }));
  const unsettled = [...engine.unsettled].flatMap(([{ spec }, columns]) =>
    [...columns].map(([column, rows]) => ({ table: spec.table, column, rows })),
  );
  const parts = [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
  return { parts, tables, ...finish(db, triggers), unsettled };
}

function noteStores(db: Connection, { spec, target, sha256 }: MergeRequest): void {
  db.prepare('INSERT INTO ledger.ledger VALUES (?, ?, ?)')(BigInt(LEDGER_VERSION), target.path, JSON.stringify(spec));
  const store = db.prepare('INSERT INTO ledger.stores (path, sha256, role) VALUES (?, ?, ?)');
  store(target.path, target.sha256, 'target');
  for (const [i, { path }] of spec.sources.entries()) store(path, sha256[i] ?? null, 'source');
}

/** Of each source. They are numbered in the order in which they are worked on: so the ledger tells what came after what. */
function allParts(engine: Engine, sources: readonly number[]): readonly (readonly Part[])[] {
  const all: Part[] = [];
  const found: (readonly Part[])[] = [];
  for (const source of sources) {
    found[source] = during(engine.db, engine.request, source, () => {
      const parts = partsOf(engine, source, all);
      for (const part of parts) noteForeignGhosts(engine, part);
      return parts;
    });
  }
  return found;
}

/** Sources in their order, but one after that whose rows it means in tables that are worked on at the same time. */
function inOrder({ sources, tables }: MergeSpec, order: readonly (readonly number[])[]): readonly number[] {
  const together = (at: number, to: string): boolean =>
    order.some((knot) => knot.includes(at) && knot.some((other) => tables[other]?.table === to));
  const means = sources.map((_, source) =>
    tables.flatMap(({ parts, references }, at) =>
      references
        .filter(({ to }) => together(at, to))
        .flatMap(({ columns }) =>
          parts.flatMap((part) => (part.source === source ? columns.map((column) => part.idsOf?.[column]) : [])),
        )
        .filter((store) => typeof store === 'number'),
    ),
  );
  return knots(means).flatMap((found) => {
    if (found.length > 1)
      throw new UnreadableStore('unsupported', 'ids of two stores mean rows of each other in one circle');
    return found;
  });
}

function withSource(engine: Engine, parts: readonly Part[], work: () => void): void {
  const { db } = engine;
  const { files } = engine.request;
  const source = parts[0]?.source ?? 0;
  const ancestor = files.ancestors[source] ?? null;
  const foreign = new Set(
    parts.flatMap(({ spec }) => Object.values(spec.idsOf ?? {}).filter((store) => typeof store === 'number')),
  );
  const attached: string[] = [];
  const add = (schema: string, file: string | undefined): void => {
    attach(db, schema, file);
    attached.push(schema);
  };
  during(engine.db, engine.request, source, () => {
    if (ancestor !== null) add('c', ancestor);
    if (ancestor !== null && files.target !== null) add('t', files.target);
    for (const other of foreign) add(foreignSchema(other), files.sources[other]);
    work();
    for (const schema of attached) db.exec(`DETACH ${schema}`);
  });
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
