import { execFileSync } from 'node:child_process';

/** Compiles `dist/` so that tests can start the real CLI and the real child processes. */
export default function setup(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
}
