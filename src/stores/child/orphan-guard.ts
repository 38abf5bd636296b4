/**
 * Ends a child when this process dies, however it dies. The child cannot do so itself: a query blocks it, and it would see the
 * closed channel only afterwards. A shell waits for the end of a pipe that only this process holds open, then kills the child.
 */
import { type ChildProcess, spawn } from 'node:child_process';

const WAIT = 'trap "" INT HUP TERM; read _; kill -9 "$0"';

export function endWithParent(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const guard = spawn('/bin/sh', ['-c', WAIT, String(child.pid)], { stdio: ['pipe', 'ignore', 'ignore'] });
  // Without a shell a child outlives a killed parent until its request is done.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  // Before the child's number can be another's.
  child.once('exit', () => guard.kill('SIGKILL'));
}
