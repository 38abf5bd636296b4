/** Runs a command and measures it: wall time, and the peak memory of its whole process tree (PSS: shared pages count once). */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Sampling interval of the memory of the tree, ms. */
const SAMPLE_MS = 25;

export function measure(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    let peakKib = 0;
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      options.onStderr?.(String(chunk), (performance.now() - started) / 1000);
    });
    const timer =
      options.memory === false
        ? undefined
        : setInterval(() => {
            peakKib = Math.max(
              peakKib,
              treeOf(child.pid).reduce((sum, pid) => sum + pssOf(pid), 0),
            );
          }, SAMPLE_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ seconds: (performance.now() - started) / 1000, peakMib: peakKib / 1024, code, stdout, stderr });
    });
  });
}

/**
 * Runs several things in turns, so that a machine that is slow for a while is slow for all of them, unwatched; then each once
 * more, watched, for the memory: watching costs time. `{ median, fastest, peakMib, stdout }` per thing.
 */
export async function inTurns(runs, things) {
  const seconds = things.map(() => []);
  for (let i = 0; i < runs; i++) {
    for (const [at, once] of things.entries()) seconds[at].push((await once({ memory: false })).seconds);
  }
  const results = [];
  for (const [at, once] of things.entries()) {
    const sorted = seconds[at].sort((a, b) => a - b);
    const { peakMib, stdout } = await once({ memory: true });
    results.push({ median: sorted[sorted.length >> 1], fastest: sorted[0], peakMib, stdout });
  }
  return results;
}

function treeOf(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const tree = [pid];
  for (const member of tree) for (const [child, parent] of parents) if (parent === member) tree.push(child);
  return tree;
}

function pssOf(pid) {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
