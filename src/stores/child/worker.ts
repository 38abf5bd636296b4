/** The child process: opens stores with SQLite, one request at a time, and keeps nothing open in between but a store that it holds. */

import { compareRows } from '../../exports/compare-rows.ts';
import { lostRows } from '../../exports/lost-rows.ts';
import { writeRows } from '../../exports/write-rows.ts';
import { carryBack } from '../../merge/carry/carry-back.ts';
import { ledgerStores } from '../../merge/carry/ledger-stores.ts';
import { smokeOpen } from '../../merge/declared/smoke-open.ts';
import { mergeStores } from '../../merge/engine/merge.ts';
import { stageFollowed } from '../../merge/follow/stage-followed.ts';
import { ledgerBalance } from '../../merge/ledger/balance.ts';
import { writeIdMaps } from '../../merge/ledger/id-map.ts';
import { ledgerRows } from '../../merge/ledger/rows.ts';
import { lookUp } from '../../merge/look-up.ts';
import { stageSettled } from '../../merge/settle/stage-settled.ts';
import { verifyMerge, verifyShare } from '../../merge/verify/verify-merge.ts';
import { compareTables } from '../../rows/compare-tables.ts';
import { findLinks } from '../../rows/links.ts';
import { normaliseConforming } from '../../rows/normalise-sql.ts';
import { measurePart } from '../../rows/parts.ts';
import { findReferences } from '../../rows/references.ts';
import { sampleValues } from '../../rows/sample-values.ts';
import { threeWay } from '../../rows/three-way.ts';
import { openReader } from '../kinds.ts';
import { UnreadableStore } from '../reader.ts';
import { describeCopy, recoverWhole } from '../sqlite/describe-copy.ts';
import { type Connection, fileUri, openConnection } from '../sqlite/driver.ts';
import { expectRows } from '../sqlite/expect-rows.ts';
import { hold, isHolding } from '../sqlite/hold.ts';
import { recover } from '../sqlite/recover.ts';
import { openSqliteReader, unreadable } from '../sqlite/sqlite-reader.ts';
import { stageStore } from '../sqlite/stage.ts';
import { transcode } from '../sqlite/transcode.ts';
import type { Op, Reply, Request, Requests, Responses } from './protocol.ts';

const answers: { readonly [K in Op]: (input: Requests[K]) => Responses[K] | Promise<Responses[K]> } = {
  async contents({ source, settle, options }) {
    if (settle) recover(source.file);
    const reader = await openReader(source);
    try {
      return await reader.contents(options);
    } finally {
      reader.close();
    }
  },
  check({ file }) {
    const reader = openSqliteReader(file, 'immutable');
    try {
      return reader.check();
    } finally {
      reader.close();
    }
  },
  async stage({ source, tables, to }) {
    const reader = await openReader(source);
    try {
      return { rows: await stageStore(reader, tables, to) };
    } finally {
      reader.close();
    }
  },
  transcode: ({ file, to }) => ({ rows: transcode(file, to) }),
  part({ a, b, pair, options, work, slice, to }) {
    const db = openConnection('', 'memory');
    try {
      db.define('normalise', normaliseConforming);
      attach(db, 'a', a);
      attach(db, 'b', b);
      db.rows('ATTACH ? AS part', fileUri(to, 'create'));
      // Made anew after any failure: durability would only cost time.
      db.exec('PRAGMA part.journal_mode = OFF; PRAGMA part.synchronous = OFF;');
      return { alone: measurePart(db, pair.a, pair.b, options, work, slice) };
    } finally {
      db.close();
    }
  },
  compare({ a, b, pairs, options, samples }) {
    const db = openConnection('', 'memory');
    try {
      db.define('normalise', normaliseConforming);
      attach(db, 'a', a);
      attach(db, 'b', b);
      return pairs.map((pair) => {
        const parts = (pair.parts ?? []).map((file, i) => attach(db, `part${i}`, file));
        const comparison = compareTables(db, pair.a, pair.b, options, parts);
        for (const part of parts) db.exec(`DETACH ${part}`);
        if (samples === undefined) return { comparison };
        return { comparison, samples: sampleValues(db, pair.a, pair.b, comparison, samples) };
      });
    } finally {
      db.close();
    }
  },
  threeWay({ a, b, c, inputs }) {
    const db = openConnection('', 'memory');
    try {
      for (const [name, file] of [
        ['a', a],
        ['b', b],
        ['c', c],
      ] as const)
        attach(db, name, file);
      return inputs.map((input) => threeWay(db, input));
    } finally {
      db.close();
    }
  },
  references({ file, table, tables }) {
    const db = openConnection(file, 'immutable');
    try {
      return findReferences(db, table, tables);
    } finally {
      db.close();
    }
  },
  links({ file, tables, others }) {
    const db = openConnection('', 'memory');
    try {
      // One more is attached at a time: there may be more stores than SQLite attaches.
      attach(db, 'own', file);
      const found = findLinks(db, 'own', tables, []);
      const all = others.map((other, i) => {
        const schema = attach(db, `other${i}`, other.file);
        try {
          return findLinks(db, 'own', tables, [{ schema, tables: other.tables }])
            .filter((link) => link.other !== undefined)
            .map((link) => ({ ...link, other: i }));
        } finally {
          db.exec(`DETACH ${schema}`);
        }
      });
      return [...found, ...all.flat()];
    } finally {
      db.close();
    }
  },
  hold: ({ file }) => hold(file),
  recoverCopy({ file }) {
    recoverWhole(file);
    return null;
  },
  describeCopy: ({ file, whole }) => describeCopy(file, whole),
  later: (request) => carryBack(request),
  ledgerStores: ({ file }) => ledgerStores(file),
  ledgerBalance: ({ file }) => ledgerBalance(file),
  ledgerRows,
  idMaps: writeIdMaps,
  writeExport: ({ file, spec, to }) => writeRows(file, spec, to),
  compareExport: ({ file, spec, exported }) => compareRows(file, spec, exported),
  lostRows,
  lookUp,
  stageFollowed,
  stageSettled,
  merge: mergeStores,
  verifyMerge,
  verifyShare,
  smokeOpen,
  expect({ file, sql, limit }) {
    try {
      return expectRows(file, sql, limit);
    } catch (error) {
      const known = unreadable(error);
      if (known instanceof UnreadableStore) throw known;
      return { error: (error as Error).message };
    }
  },
};

/** Returns the name of the schema. */
function attach(db: Connection, name: string, file: string): string {
  db.rows(`ATTACH ? AS ${name}`, fileUri(file, 'immutable'));
  return name;
}

async function answer(request: Request): Promise<Reply> {
  try {
    const run = answers[request.op] as (input: Requests[Op]) => Responses[Op] | Promise<Responses[Op]>;
    return { ok: true, result: await run(request.input) };
  } catch (thrown) {
    const error = unreadable(thrown);
    if (error instanceof UnreadableStore) return { ok: false, reason: error.reason, message: error.message };
    return { ok: false, bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on('message', (request: Request) => {
  answer(request).then((reply) => process.send?.(reply));
});
// The parent is gone: nobody waits for an answer. An orderly end would close a held store, which writes its WAL back.
process.on('disconnect', () => (isHolding() ? process.kill(process.pid, 'SIGKILL') : process.exit(0)));
// Ctrl-C reaches the whole process group; the parent decides when this process ends.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
