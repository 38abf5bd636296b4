/** Progress on stderr, only where somebody waits for more than a second: how far, how fast, how long still. */
import type { RunProgress } from '../apply/ground.ts';
import { size } from '../audit/wording.ts';
import { printable } from '../report/printable.ts';
import type { CommonOptions, Context } from './context.ts';

const SILENT_MS = 1000;
const EVERY_MS = 100;
const PLAIN_EVERY_MS = 5000;

const PHASES: Readonly<Record<RunProgress['phase'], string>> = {
  walk: 'looking for stores',
  read: 'reading stores',
  compare: 'comparing tables',
  code: 'reading code',
  ancestors: 'looking for earlier states',
  detect: 'concluding',
  copy: 'copying the project',
  check: 'checking',
  backup: 'backing up',
  merge: 'merging',
  export: 'exporting',
  steps: 'changing files',
  verify: 'verifying',
};

export interface ProgressLine {
  report(progress: RunProgress): void;
  /** Removes what was drawn. */
  done(): void;
}

export function progressLine(context: Context, options: CommonOptions): ProgressLine {
  const { err } = context;
  const mode = options.progress ?? 'auto';
  if (mode === 'ndjson') {
    return { report: (progress) => void err.write(`${JSON.stringify(progress)}\n`), done: () => {} };
  }
  if (mode === 'none' || (mode === 'auto' && !err.isTerminal)) return { report: () => {}, done: () => {} };
  const started = context.now();
  const redraws = mode === 'auto';
  let phase: RunProgress['phase'] | undefined;
  let since = started;
  let drawn = 0;
  return {
    report: (progress) => {
      const now = context.now();
      if (progress.phase !== phase) {
        phase = progress.phase;
        since = now;
      }
      if (now - started < SILENT_MS || now - drawn < (redraws ? EVERY_MS : PLAIN_EVERY_MS)) return;
      const text = line(progress, (now - since) / 1000).slice(0, err.width - 1);
      drawn = now;
      void err.write(redraws ? `\r\u001b[K${text}` : `${text}\n`);
    },
    done: () => {
      if (redraws && drawn > 0) void err.write('\r\u001b[K');
    },
  };
}

/** `reading stores 12/40 · 420 MB · 96 MB/s · 9 s left · data/big.db` */
export function line(progress: RunProgress, seconds: number): string {
  const { phase, done, total, bytes, item } = progress;
  const parts = [
    `${PHASES[phase]}${total > 1 ? ` ${done.toLocaleString('en-US')}/${total.toLocaleString('en-US')}` : ''}`,
  ];
  if (bytes !== undefined && bytes > 0) {
    parts.push(size(bytes));
    if (seconds > 0.5) parts.push(`${size(Math.round(bytes / seconds))}/s`);
  }
  if (done > 0 && total > done && seconds > 0.5) parts.push(`${Math.ceil((seconds / done) * (total - done))} s left`);
  if (item !== undefined) parts.push(printable(item));
  return parts.join(' · ');
}
