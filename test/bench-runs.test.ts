/** The bench of changing a project runs, small: it fails where an edit is missing or a rollback leaves something. No times are asserted. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('a module that 8 of 20 files import moves and comes back', { timeout: 180_000 }, () => {
  const args = ['bench/run.mjs', 'runs', '--files', '20', '--importers', '8', '--runs', '1', '--gigabytes', '0'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('20 TypeScript files');
  expect(stdout).toContain('copying 8 files back');
});
