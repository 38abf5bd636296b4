/** Runs the checks of the sources side by side, and tells of each when it ends. Ends with 1 if any of them failed. */
import { spawn } from 'node:child_process';

const CHECKS = ['types', 'style', 'layers', 'dead', 'package'];

function run(check) {
  const child = spawn('npm', ['run', '--silent', `lint:${check}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      console.log(`${code === 0 ? 'passed' : 'failed'}  ${check}`);
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

const passed = await Promise.all(CHECKS.map(run));
process.exitCode = passed.every(Boolean) ? 0 : 1;
