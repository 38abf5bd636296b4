/** Starts the child process that opens stores, limited in memory, ended when this process ends. */
import { type ChildProcess, fork } from 'node:child_process';
import { endWithParent } from './orphan-guard.ts';
import { programPath } from './programs.ts';

/** JavaScript heap of a child, MiB. SQLite's own memory is limited by its cache. */
export const HEAP_MIB = 96;

const ENTRY = programPath('worker');

/** SQLite's temporary files go to `tempDir`. */
export function startChild(tempDir: string): ChildProcess {
  const child = fork(ENTRY, [], {
    execArgv: [`--max-old-space-size=${HEAP_MIB}`, '--max-semi-space-size=2'],
    env: { ...process.env, SQLITE_TMPDIR: tempDir, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
  endWithParent(child);
  return child;
}
