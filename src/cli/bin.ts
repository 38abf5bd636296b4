#!/usr/bin/env node
/** The program: signals in, exit code out. */
import { processContext } from './context.ts';
import { main } from './main.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
// `desprawl … | head`: the reader has seen enough, which is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  abort.abort();
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2), processContext(abort.signal));
