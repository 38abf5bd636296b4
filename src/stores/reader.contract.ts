/** What every Reader promises, as one suite that each kind of store calls from its tests. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrokenText, type Row } from '../rows/value.ts';
import type { Table } from './model.ts';
import { type Contents, type Reader, type ReadOptions, UnreadableStore } from './reader.ts';

/** A table that the suite asks for: cells are what a reader should give back, as far as its format can hold them. */
export interface ContractTable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** What a format can hold. A suite that asked for less than its format can do would prove less. */
export interface Abilities {
  /** Integers, floats are told from text. */
  readonly typed: boolean;
  readonly booleans: boolean;
  /** NULL is told from the empty string. */
  readonly nullVersusEmpty: boolean;
  readonly blobs: boolean;
  /** Text that is not UTF-8 is carried as `BrokenText`. */
  readonly brokenText: boolean;
  /** NUL inside a text. */
  readonly nul: boolean;
}

export interface ContractStore {
  readonly path: string;
  open(): Reader;
}

/** Writes one store with one table into `folder`, by other means than the code under test. */
export type MakeStore = (table: ContractTable, folder: string) => ContractStore | Promise<ContractStore>;

const OPTIONS: ReadOptions = {
  sampleRows: 1_000,
  digestRows: 100_000,
  integrity: false,
  freshness: true,
  now: Date.UTC(2026, 0, 1),
};

export function readerContract(name: string, make: MakeStore, abilities: Abilities): void {
  describe(`${name} keeps the promises of a Reader`, () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'reader-contract-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const withStore = async <T>(
      table: ContractTable,
      use: (reader: Reader, store: ContractStore) => Promise<T>,
    ): Promise<T> => {
      const store = await make(table, folder);
      const reader = store.open();
      try {
        return await use(reader, store);
      } finally {
        reader.close();
      }
    };

    const PEOPLE: ContractTable = {
      columns: ['id', 'name', 'email'],
      rows: [
        ['3', 'Ada', 'ada@example.org'],
        ['1', 'Ben; "B", O\'Neil', 'ben@example.org'],
        ['2', 'Zoë\nLine two', 'zoë@example.org'],
      ],
    };

    it('counts exactly and names the columns in order', async () => {
      const contents = await withStore(PEOPLE, (reader) => reader.contents(OPTIONS));
      const table = only(contents);
      expect(table.rows).toBe(3);
      expect(table.columns.map((column) => column.name)).toEqual(PEOPLE.columns);
      expect(table.digest).toMatch(/^[0-9a-f]+$/);
      expect(table.columns.every((column) => column.profile !== undefined)).toBe(true);
    });

    it('gives all rows in storage order', async () => {
      expect(await withStore(PEOPLE, allRows)).toEqual(PEOPLE.rows);
    });

    it('gives rows to a reader that was opened anew', async () => {
      const store = await make(PEOPLE, folder);
      const first = store.open();
      const table = only(await first.contents(OPTIONS));
      first.close();
      const second = store.open();
      expect(await collect(second, table)).toEqual(PEOPLE.rows);
      second.close();
    });

    it('streams: a reader may be left in the middle and asked again', async () => {
      const many: ContractTable = {
        columns: ['id', 'text'],
        rows: Array.from({ length: 20_000 }, (_, i) => [`n${i}`, `row ${i}`]),
      };
      await withStore(many, async (reader) => {
        const table = only(await reader.contents(OPTIONS));
        expect(table.rows).toBe(20_000);
        const seen: Row[] = [];
        for await (const row of reader.rows(table)) {
          seen.push(row);
          if (seen.length === 3) break;
        }
        expect(seen).toEqual(many.rows.slice(0, 3));
        expect((await collect(reader, table)).length).toBe(20_000);
      });
    });

    it('says the same twice', async () => {
      await withStore(PEOPLE, async (reader) => {
        expect(await reader.contents(OPTIONS)).toEqual(await reader.contents(OPTIONS));
      });
    });

    it('has one digest for the same rows in any order, and another for other rows', async () => {
      const digest = (rows: readonly Row[]) =>
        withStore({ ...PEOPLE, rows }, async (reader) => only(await reader.contents(OPTIONS)).digest);
      const before = await digest(PEOPLE.rows);
      expect(before).toBeDefined();
      expect(await digest([...PEOPLE.rows].reverse())).toBe(before);
      expect(await digest(PEOPLE.rows.slice(1))).not.toBe(before);
      // Rows are a multiset: two equal ones are two.
      const [one, ...others] = PEOPLE.rows;
      expect(await digest(one === undefined ? others : [one, one, ...others])).not.toBe(before);
    });

    it('counts a table that is larger than what is digested', async () => {
      const many: ContractTable = {
        columns: ['id', 'text'],
        rows: Array.from({ length: 3_000 }, (_, i) => [`n${i}`, `row ${i}`]),
      };
      const table = await withStore(many, async (reader) =>
        only(await reader.contents({ ...OPTIONS, digestRows: 100, sampleRows: 50 })),
      );
      expect(table.rows).toBe(3_000);
      expect(table.digest).toBeUndefined();
      expect(table.sketch?.complete).toBe(false);
    });

    it('S2: leaves bytes and times as they were', async () => {
      const store = await make(PEOPLE, folder);
      const before = { bytes: readFileSync(store.path), stat: statSync(store.path, { bigint: true }) };
      const reader = store.open();
      await allRows(reader);
      reader.close();
      const stat = statSync(store.path, { bigint: true });
      expect(readFileSync(store.path).equals(before.bytes)).toBe(true);
      expect([stat.mtimeNs, stat.ctimeNs, stat.size, stat.mode]).toEqual([
        before.stat.mtimeNs,
        before.stat.ctimeNs,
        before.stat.size,
        before.stat.mode,
      ]);
    });

    it('may be closed twice', async () => {
      const reader = (await make(PEOPLE, folder)).open();
      reader.close();
      expect(() => reader.close()).not.toThrow();
    });

    it.runIf(abilities.nullVersusEmpty)('R12: tells NULL from the empty string', async () => {
      const rows: Row[] = [
        ['a', null, ''],
        ['b', '', null],
      ];
      expect(await withStore({ columns: ['id', 'x', 'y'], rows }, allRows)).toEqual(rows);
    });

    it.runIf(abilities.typed)('R16: keeps 64-bit integers, and floats apart from them', async () => {
      const rows: Row[] = [
        [9_007_199_254_740_993n, 0.1],
        [9_223_372_036_854_775_807n, 1],
        [-9_223_372_036_854_775_808n, -1.5e300],
      ];
      expect(await withStore({ columns: ['id', 'x'], rows }, allRows)).toEqual(rows);
    });

    it.runIf(abilities.booleans)('keeps booleans', async () => {
      const rows: Row[] = [
        ['a', true],
        ['b', false],
      ];
      expect(await withStore({ columns: ['id', 'flag'], rows }, allRows)).toEqual(rows);
    });

    it.runIf(abilities.nul)('R16: keeps text behind a NUL', async () => {
      const rows: Row[] = [['a', 'before\0after']];
      expect(await withStore({ columns: ['id', 'x'], rows }, allRows)).toEqual(rows);
    });

    it.runIf(abilities.blobs)('R12: keeps blobs', async () => {
      const rows: Row[] = [['a', new Uint8Array([0, 255, 10, 34, 44])]];
      expect((await withStore({ columns: ['id', 'x'], rows }, allRows)).map(([, x]) => [...(x as Uint8Array)])).toEqual(
        [[0, 255, 10, 34, 44]],
      );
    });

    it.runIf(abilities.brokenText)('R16: carries text that is not UTF-8 as its bytes', async () => {
      const broken = new BrokenText(new Uint8Array([0x61, 0xff, 0x62]));
      const rows: Row[] = [
        ['é', broken],
        ['ü', 'whole'],
      ];
      expect(await withStore({ columns: ['id', 'x'], rows }, allRows)).toEqual(rows);
    });

    it('S14: refuses a file of something else', async () => {
      const store = await make(PEOPLE, folder);
      writeFileSync(store.path, Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0xff, 0, 0, 7, 8]));
      await expect(openAndRead(store)).rejects.toBeInstanceOf(UnreadableStore);
    });

    it('S14: refuses a file that is gone', async () => {
      const store = await make(PEOPLE, folder);
      rmSync(store.path);
      await expect(openAndRead(store)).rejects.toBeInstanceOf(UnreadableStore);
    });
  });
}

function only(contents: Contents): Table {
  expect(contents.tables).toHaveLength(1);
  const [table] = contents.tables;
  if (table === undefined) throw new TypeError('no table');
  return table;
}

async function allRows(reader: Reader): Promise<readonly Row[]> {
  return collect(reader, only(await reader.contents(OPTIONS)));
}

async function collect(reader: Reader, table: Table): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const row of reader.rows(table)) rows.push(row);
  return rows;
}

/** Opening may throw at once, reading may throw later; both refuse. */
async function openAndRead(store: ContractStore): Promise<unknown> {
  const reader = store.open();
  try {
    return await reader.contents(OPTIONS);
  } finally {
    reader.close();
  }
}
