/**
 * Random stores that diverged, merged by the real child process: the oracle finds nothing wrong, verification agrees, and merging the same
 * sources once more changes nothing. `RUNS=5000` for more; without it the first hundred, or as many of them as fit into a few seconds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MergeSpec } from '../../src/merge/model.ts';
import { openPool, type Pool } from '../../src/stores/child/pool.ts';
import { mergedAgain } from './merged-again.ts';
import { judge } from './oracle.ts';
import { merges, writeCase } from './random-merges.ts';

const dir = mkdtempSync(join(tmpdir(), 'merge-properties-'));
let pool: Pool;
beforeAll(() => {
  pool = openPool({ size: 1, tempDir: dir });
});
afterAll(() => {
  pool.close();
  rmSync(dir, { recursive: true, force: true });
});

const runs = Number(process.env.RUNS ?? 0);
const limits =
  runs > 0
    ? { numRuns: runs, interruptAfterTimeLimit: 1_000 * Number(process.env.SECONDS ?? 3_600) }
    : { numRuns: 100, interruptAfterTimeLimit: 12_000 };

it('every promise about rows holds for random stores', { timeout: 3_600_000 }, async () => {
  let cases = 0;
  await fc.assert(
    fc.asyncProperty(merges, async (choice) => {
      cases++;
      const { spec, refuses, ...files } = await writeCase(choice, dir);
      const first = await merge(spec, files, 'first');
      expect(judge({ spec, refuses, ...files, ...first })).toEqual([]);
      const verified = await pool.ask('verifyMerge', { spec, files, ...first }, 60);
      expect(verified.problems).toEqual([]);
      const second = await merge(withTarget(spec), { ...files, target: first.merged }, 'second');
      expect(mergedAgain(spec, first, second)).toEqual([]);
    }),
    limits,
  );
  expect(cases).toBeGreaterThan(0);
  if (runs > 0) process.stdout.write(`${cases} merges\n`);
});

interface Files {
  readonly target: string | null;
  readonly sources: readonly string[];
  readonly ancestors: readonly (string | null)[];
}

async function merge(spec: MergeSpec, files: Files, name: string): Promise<{ merged: string; ledger: string }> {
  const made = { merged: join(dir, `${name}.db`), ledger: join(dir, `${name}-ledger.db`) };
  for (const file of Object.values(made)) rmSync(file, { force: true });
  const request = {
    spec,
    files,
    ...made,
    target: { path: 'target.db', sha256: null },
    sha256: spec.sources.map(() => null),
  };
  const { unsettled } = await pool.ask('merge', request, 60);
  expect(unsettled).toEqual([]);
  return made;
}

/** The same, where the target has all that it lacked. */
function withTarget(spec: MergeSpec): MergeSpec {
  const tables = spec.tables.map((table) => ({
    ...table,
    madeFrom: null,
    columns: table.columns.map((column) => ({ ...column, added: false })),
  }));
  return { ...spec, tables };
}
