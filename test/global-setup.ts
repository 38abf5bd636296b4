import { spawnSync } from 'node:child_process';

/**
 * Compiles `dist/` so that tests can start the real CLI and the real child processes. Types are checked by the lint step,
 * which stands before the tests in `npm test`: here only the emitted files count.
 */
export default function setup(): void {
  spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'ignore' });
  spawnSync(process.execPath, ['scripts/bundle.mjs'], { stdio: 'inherit' });
}
