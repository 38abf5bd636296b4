/**
 * Commands that a project defines run only after its owner agreed (promise 9): to these commands, once. Another list asks again.
 * An agreement is a file named after the SHA-256 of the list; it is written once, and deleting it takes it back.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CheckConfig, MeasureConfig } from '../config/config.ts';
import type { Disk } from '../disk/disk.ts';
import { writeNewFile } from '../disk/write-file.ts';

export interface CommandsOfProject {
  readonly checks: Readonly<Record<string, CheckConfig>>;
  readonly measures: Readonly<Record<string, MeasureConfig>>;
}

/** What would run, as it is shown before it is asked for. Reading a store of a copy runs nothing. */
export function commandsOf({ checks, measures }: CommandsOfProject): readonly { name: string; command: string }[] {
  return [
    ...Object.entries(checks).flatMap(([name, check]) =>
      check.kind === 'sql' ? [] : [{ name, command: check.kind === 'command' ? check.run : check.start }],
    ),
    ...Object.entries(measures).map(([name, { run }]) => ({ name, command: run })),
  ];
}

/** The same for the same commands, whatever their order. */
export function consentHash(of: CommandsOfProject): string {
  const lines = commandsOf(of).map(({ name, command }) => JSON.stringify([name, command]));
  return createHash('sha256')
    .update(`desprawl consent 1\n${lines.sort().join('\n')}`)
    .digest('hex');
}

export function hasConsent(disk: Disk, state: string, of: CommandsOfProject): boolean {
  return commandsOf(of).length === 0 || disk.lstat(fileOf(state, of))?.kind === 'file';
}

/** `by`: `terminal`, `--run-checks`. */
export function giveConsent(disk: Disk, state: string, of: CommandsOfProject, by: string, at: string): void {
  if (hasConsent(disk, state, of)) return;
  const folder = join(state, 'consent');
  if (disk.lstat(folder) === null) disk.mkdir(folder, 0o700);
  const text = JSON.stringify({ version: 1, at, by, commands: commandsOf(of) });
  writeNewFile(disk, fileOf(state, of), Buffer.from(`${text}\n`));
  disk.syncFolder(folder);
}

function fileOf(state: string, of: CommandsOfProject): string {
  return join(state, 'consent', `${consentHash(of)}.json`);
}
