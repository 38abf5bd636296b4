/**
 * The command line with a disk that kills or fails: the program of `src/cli/bin.ts`, but for what it passes as its disk. Told by the
 * environment, since arguments are the command's own.
 */
import childProcess from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { processContext } from '../../../src/cli/context.ts';
import { main } from '../../../src/cli/main.ts';
import type { Disk } from '../../../src/disk/disk.ts';
import { realDisk } from '../../../src/disk/real-disk.ts';
import { type Fault, failing } from '../failing-disk.ts';
import { killing, type When } from '../killing-disk.ts';

/** `kill`: at the k-th call of the disk; `child`: after the k-th request to a child that works with SQLite; `fail`: a fault. */
export type Told =
  | { readonly kill: number; readonly when: When }
  | { readonly child: number }
  | { readonly fail: Fault }
  | { readonly count: string };

export interface Counted {
  readonly calls: number;
  readonly halves: readonly number[];
  /** To children. */
  readonly requests: number;
}

const told = JSON.parse(process.env.CRASH_TOLD ?? '{"count":"/dev/null"}') as Told;
const killed = killing(
  realDisk,
  'kill' in told ? told.kill : Number.POSITIVE_INFINITY,
  'kill' in told ? told.when : 'before',
);
const disk: Disk = 'fail' in told ? failing(realDisk, told.fail).disk : killed.disk;

let requests = 0;
const { fork } = childProcess;
childProcess.fork = ((...args: Parameters<typeof fork>) => {
  const child = fork(...args);
  const send = child.send.bind(child) as (...message: unknown[]) => boolean;
  child.send = ((...message: unknown[]) => {
    const sent = send(...message);
    requests++;
    if ('child' in told && requests === told.child) process.kill(process.pid, 'SIGKILL');
    return sent;
  }) as typeof child.send;
  return child;
}) as typeof fork;
syncBuiltinESMExports();

const abort = new AbortController();
process.on('SIGINT', () => abort.abort());
const code = await main(process.argv.slice(2), processContext(abort.signal, disk));
if ('count' in told)
  writeFileSync(
    told.count,
    JSON.stringify({ calls: killed.calls(), halves: killed.halves(), requests } satisfies Counted),
  );
process.exit(code);
