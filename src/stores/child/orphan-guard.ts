/**
 * Ends this process once its parent is gone, also in the middle of a query: that blocks the main thread, which would see the
 * closed channel only afterwards. Hence a thread of its own.
 */
import { Worker } from 'node:worker_threads';

const EVERY_MS = 500;
const WATCH = `
  const parent = process.ppid;
  setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, ${EVERY_MS});`;

export function guardAgainstOrphanhood(): void {
  const limits = { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 1, stackSizeMb: 1 };
  new Worker(WATCH, { eval: true, resourceLimits: limits }).unref();
}
