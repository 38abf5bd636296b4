/**
 * Two large files: what a child needs to merge them and to verify the merge does not grow with their rows. Its heap is held so small that
 * remembering a few bytes of each row would end it; the memory of the process as a whole is measured for one and for four times as many.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { MergeRequest, MergeResult, MergeVerification, TableSpec } from '../../src/merge/model.ts';
import { programPath } from '../../src/stores/child/programs.ts';
import type { Reply, Request } from '../../src/stores/child/protocol.ts';
import { makeStore } from '../projects/make-store.ts';

const dir = mkdtempSync(join(tmpdir(), 'flat-memory-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const ROWS = 60_000;
/** MiB of JavaScript heap. Less than 100 bytes for each row of the large pair. */
const HEAP = 24;
/** MiB. What SQLite may fill of its caches, and what is measured by chance. */
const SLACK = 64;

/** Half of the people of the second file are in the first one, under other ids, every tenth with another note. */
function makeFile(name: string, rows: number, from: number): string {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;
  makeStore(
    dir,
    name,
    `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
     CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, note TEXT);
     CREATE TABLE visits (id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people (id), at TEXT);
     ${numbers} INSERT INTO people SELECT i, 'person-' || (i + ${from}) || '@kiosk-nord.de', CASE WHEN i % 10 = 0 THEN '${name}' END FROM n;
     ${numbers} INSERT INTO visits SELECT i, i, 'on day ' || (i + ${from}) FROM n;
     COMMIT`,
  );
  return join(dir, name);
}

const column = (name: string, type: string) => ({ name, type, added: false, normaliser: 'exact' as const });
const table = (name: string, columns: TableSpec['columns'], more: Partial<TableSpec>): TableSpec => ({
  table: name,
  madeFrom: null,
  columns,
  identity: { kind: 'none' },
  surrogate: 'id',
  references: [],
  differ: {},
  timeColumn: null,
  deleted: 'returns',
  parts: [
    {
      source: 0,
      table: name,
      columns: Object.fromEntries(columns.map((one) => [one.name, { from: one.name }])),
      leftOut: [],
      ancestor: null,
    },
  ],
  ...more,
});
const tables = [
  table('people', [column('id', 'INTEGER'), column('email', 'TEXT'), column('note', 'TEXT')], {
    identity: { kind: 'key', columns: ['email'] },
    differ: { note: 'target' },
  }),
  table('visits', [column('id', 'INTEGER'), column('person', 'INTEGER'), column('at', 'TEXT')], {
    references: [{ kind: 'declared', columns: ['person'], to: 'people', toColumns: ['id'] }],
  }),
];

interface Measured {
  readonly result: MergeResult;
  readonly verification: MergeVerification;
  readonly peakMib: number;
}

async function merged(rows: number): Promise<Measured> {
  const at = (name: string): string => join(dir, `${rows}-${name}.db`);
  const request: MergeRequest = {
    spec: { version: 1, sources: [{ path: 'b.db', kind: 'sqlite' }], tables, idMapTable: false },
    files: {
      target: makeFile(`${rows}-a.db`, rows, 0),
      sources: [makeFile(`${rows}-b.db`, rows, rows / 2)],
      ancestors: [null],
    },
    merged: at('merged'),
    ledger: at('ledger'),
    target: { path: 'a.db', sha256: null },
    sha256: [null],
  };
  const child = fork(programPath('worker'), [], {
    execArgv: [`--max-old-space-size=${HEAP}`, '--max-semi-space-size=1'],
    env: { ...process.env, SQLITE_TMPDIR: dir, NODE_OPTIONS: '' },
  });
  const ask = (asked: Request): Promise<unknown> =>
    new Promise((done, fail) => {
      child.once('message', (reply: Reply) => (reply.ok ? done(reply.result) : fail(new Error(JSON.stringify(reply)))));
      child.once('exit', (code, signal) => fail(new Error(`the child ended with ${code ?? signal}`)));
      child.send(asked);
    });
  try {
    const result = (await ask({ op: 'merge', input: request })) as MergeResult;
    const { spec, files, merged: file, ledger } = request;
    const input = { spec, files, merged: file, ledger };
    const verification = (await ask({ op: 'verifyMerge', input })) as MergeVerification;
    const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))?.[1];
    return { result, verification, peakMib: Number(peak) / 1024 };
  } finally {
    child.kill();
  }
}

it('R14: four times as many rows need no more memory', async () => {
  const [few, many] = [await merged(ROWS), await merged(ROWS * 4)];
  for (const [one, rows] of [
    [few, ROWS],
    [many, ROWS * 4],
  ] as const) {
    expect(one.result.tables.map(({ after }) => after)).toEqual([rows * 1.5, rows * 2]);
    expect(one.verification).toMatchObject({ problems: [], rows: rows * 4 });
  }
  expect(many.peakMib - few.peakMib).toBeLessThan(SLACK);
});
