import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const BRIDGE: string = fileURLToPath(new URL('../../../../tools/sqlite_bridge.py', import.meta.url));

export type Row = Record<string, string | number | null>;

interface Sqlite {
  DatabaseSync: new (path: string) => { prepare(sql: string): { all(...values: unknown[]): unknown }; close(): void };
}

/** Runs one statement on a store and returns its rows. Node 22.13 and later have SQLite; before, Python lends its own. */
export function run(path: string, sql: string, values: readonly (string | number)[] = []): Row[] {
  const builtin = process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
  if (builtin) {
    const { DatabaseSync } = builtin;
    const database = new DatabaseSync(path);
    try {
      return database.prepare(sql).all(...values) as Row[];
    } finally {
      database.close();
    }
  }
  const input = JSON.stringify({ path, sql, values });
  const done = spawnSync('python3', [BRIDGE], { input, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr.trim());
  return JSON.parse(done.stdout) as Row[];
}
