#!/usr/bin/env node
/** The program: signals in, exit code out. */
import { setMaxListeners } from 'node:events';
import { realDisk } from '../disk/real-disk.ts';
import { EXIT } from '../errors.ts';
import { processContext } from './context.ts';
import { main } from './main.ts';

const abort = new AbortController();
// Each store that is held and each child listens; they are as many as the project has.
setMaxListeners(0, abort.signal);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Asked twice: at once, as a crash does. What a run left half done, `status` says.
    if (abort.signal.aborted) process.exit(EXIT.cancelled);
    abort.abort();
  });
}
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  abort.abort();
  // `desprawl … | head`: the reader has seen enough, which is no error of ours.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`The output could not be written: ${error.message}. DSP-WRITE-FAILED\n`);
  process.exit(EXIT.couldNotRun);
});
// Nobody can be told any more.
process.stderr.on('error', () => {});

// What was written has arrived; waiting for the children that were just killed would only cost time.
process.exit(await main(process.argv.slice(2), processContext(abort.signal, realDisk)));
