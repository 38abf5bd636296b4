/** Plans a fixture through the command line, with a state folder that stays for the whole test. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { PlanDocument, PlanDocumentAction } from '../../src/report/plan/json.ts';
import { type CliRun, expectNoTrace, runCli } from '../run-cli.ts';

export interface PlanningHome {
  /** Runs desprawl in `dir`. */
  run(dir: string, ...args: readonly string[]): Promise<CliRun>;
  /** `plan --json`, with what it wrote. */
  plan(dir: string, ...args: readonly string[]): Promise<PlanView>;
  close(): void;
}

export interface PlanView {
  readonly document: PlanDocument;
  /** The plan file; '' where none was written. */
  readonly text: string;
  /** `archive backups/*.db`. */
  readonly actions: readonly string[];
  action(subject: string): PlanDocumentAction;
  /** Paths that are left alone, with the reasons. */
  readonly left: Readonly<Record<string, string>>;
}

export function planningHome(): PlanningHome {
  const home = mkdtempSync(join(tmpdir(), 'plan-home-'));
  const env = { XDG_STATE_HOME: join(home, 'state') };
  const run = (dir: string, ...args: readonly string[]): Promise<CliRun> => runCli(args, { cwd: dir, env });
  return {
    run,
    plan: async (dir, ...args) => {
      const ran = await run(dir, 'plan', '--json', ...args);
      expectNoTrace(ran);
      expect(ran.code, ran.stderr).toBe(0);
      const document = JSON.parse(ran.stdout) as PlanDocument;
      const text = document.file === null ? '' : readFileSync(join(dir, document.file), 'utf8');
      return {
        document,
        text,
        actions: document.actions.map(({ kind, subject }) => `${kind} ${subject}`),
        action: (subject) => {
          const found = document.actions.find((one) => one.subject === subject);
          expect(
            found,
            `no action of ${subject} among ${document.actions.map((one) => one.subject).join(', ')}`,
          ).toBeDefined();
          return found as PlanDocumentAction;
        },
        left: Object.fromEntries(document.left.map(({ path, why }) => [path, why])),
      };
    },
    close: () => rmSync(home, { recursive: true, force: true }),
  };
}
