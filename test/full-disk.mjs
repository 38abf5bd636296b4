/** Loaded before the command line: when a child is asked to merge, the folder for private copies becomes full but for `FULL_DISK_LEAVES` bytes. */
import childProcess from 'node:child_process';
import { closeSync, openSync, statfsSync, writeSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const { fork } = childProcess;
const folder = process.env.TMPDIR ?? '';

function fill() {
  const { bavail, bsize } = statfsSync(folder);
  const filler = openSync(join(folder, 'filler'), 'w');
  const block = Buffer.alloc(4096);
  for (let left = bavail * bsize - Number(process.env.FULL_DISK_LEAVES); left > 0; left -= block.length)
    writeSync(filler, block);
  closeSync(filler);
}

childProcess.fork = (...args) => {
  const child = fork(...args);
  const send = child.send.bind(child);
  child.send = (message, ...more) => {
    if (JSON.stringify(message).includes('"op":"merge"')) fill();
    return send(message, ...more);
  };
  return child;
};
syncBuiltinESMExports();
