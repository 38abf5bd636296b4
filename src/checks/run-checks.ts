/**
 * Runs the checks of a project on one state of it, each in a fresh copy, one after the other. A check that writes into the project
 * has failed, whatever else it said.
 */
import { join } from 'node:path';
import type { CheckConfig, CommandCheck, SqlCheck } from '../config/config.ts';
import type { ExpectedRows } from '../stores/sqlite/expect-rows.ts';
import { type CheckGround, type InCopy, inCopy } from './in-copy.ts';
import type { CheckOutcome } from './model.ts';
import { runGroup } from './process-group.ts';
import { redactOutput } from './redact-output.ts';
import { runHttp } from './run-http.ts';
import { settingsThatName } from './settings-name-root.ts';

export interface ChecksRequest extends CheckGround {
  /** The project, or another state of it. */
  readonly tree: string;
  readonly checks: Readonly<Record<string, CheckConfig>>;
  /** The owner agreed to these commands. */
  readonly consent: boolean;
  /** Where a store of the configuration lies in this state. */
  readonly storeAt?: (path: string) => string;
  /** One query on a file that is a private copy, in a child process. */
  readonly expect: (file: string, sql: string, limit: number) => Promise<ExpectedRows | { readonly error: string }>;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number; readonly item: string }) => void;
}

interface Said {
  readonly ok: boolean;
  readonly said: string;
  readonly output?: string;
  readonly value?: number;
}

export const NOT_AGREED = 'not run: nobody agreed to run this command';

/** In the order of the configuration. */
export async function runChecks(request: ChecksRequest): Promise<readonly CheckOutcome[]> {
  const outcomes: CheckOutcome[] = [];
  const all = Object.entries(request.checks);
  for (const [done, [name, check]] of all.entries()) {
    request.signal?.throwIfAborted();
    request.onProgress?.({ done, total: all.length, item: name });
    outcomes.push(await runCheck(request, name, check));
  }
  return outcomes;
}

async function runCheck(request: ChecksRequest, name: string, check: CheckConfig): Promise<CheckOutcome> {
  if (check.kind !== 'sql' && !request.consent) return { name, ok: null, said: NOT_AGREED, seconds: 0 };
  return inCopy(request, request.tree, async (copy) => {
    const leads = check.kind === 'sql' ? [] : settingsThatName(request.disk, request.root, copy.root);
    const [first] = leads;
    if (first !== undefined) {
      const said = `not run: ${first.path}:${first.line} names the project by its absolute path`;
      return { name, ok: null, said, seconds: 0 };
    }
    const began = performance.now();
    const { result, wrote, unclear } = await copy.watched(() => said(request, check, copy));
    const seconds = (performance.now() - began) / 1000;
    const ok = result.ok && wrote.length === 0;
    const output = ok || result.output === undefined ? [] : redactOutput(result.output, copy.env, copy.paths);
    return {
      name,
      ok,
      said: wrote.length === 0 ? result.said : `${result.said}; wrote into the project: ${wrote.join(', ')}`,
      seconds,
      ...(result.value === undefined ? {} : { value: result.value }),
      ...(output.length === 0 ? {} : { output }),
      ...(wrote.length === 0 ? {} : { wrote }),
      ...(unclear.length === 0 ? {} : { unclear }),
    };
  });
}

function said(request: ChecksRequest, check: CheckConfig, copy: InCopy): Promise<Said> {
  switch (check.kind) {
    case 'command':
      return runCommand(check, copy);
    case 'sql':
      return runSql(request, check, copy);
    case 'http':
      return runHttp(check, { cwd: copy.root, env: copy.env, signal: copy.signal });
  }
}

async function runCommand(check: CommandCheck, copy: InCopy): Promise<Said> {
  const request = { command: check.run, cwd: copy.root, env: copy.env, signal: copy.signal };
  const { how, output } = await runGroup(request, check.timeout);
  if (how === 0) return { ok: true, said: 'passed' };
  return {
    ok: false,
    said: how === 'timeout' ? `did not end within ${check.timeout} s` : `ended with ${how}`,
    output,
  };
}

/** Numbers are said, since they count; texts are rows, which no report holds. */
async function runSql(request: ChecksRequest, check: SqlCheck, copy: InCopy): Promise<Said> {
  const path = request.storeAt?.(check.store) ?? check.store;
  const file = join(copy.root, path);
  if (path.startsWith('/') || !`${file}/`.startsWith(`${copy.root}/`)) {
    return { ok: false, said: `${path} is not in the project` };
  }
  if (request.disk.lstat(file) === null) return { ok: false, said: `there is no ${path}` };
  const found = await request.expect(file, check.sql, 2);
  if ('error' in found) return { ok: false, said: found.error };
  const [row] = found.rows;
  if (row === undefined) return { ok: false, said: 'no row instead of one value' };
  if (found.more || found.rows.length > 1) return { ok: false, said: 'several rows instead of one value' };
  if (row.length !== 1) return { ok: false, said: `${row.length} columns instead of one value` };
  const [cell = null] = row;
  const ok = cell === null || check.is === null ? cell === check.is : String(cell) === String(check.is);
  const isNumber = typeof cell === 'number';
  const shown = cell === null ? 'NULL' : isNumber ? String(cell) : ok ? 'the expected text' : 'another text';
  return {
    ok,
    said: ok || check.is === null ? shown : `${shown} instead of ${expected(check.is)}`,
    ...(isNumber ? { value: cell } : {}),
  };
}

function expected(is: string | number): string {
  return typeof is === 'number' ? String(is) : 'the expected text';
}
