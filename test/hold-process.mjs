/** Takes and gives back a state as often as it is told to, and tells how often it had it, and how often not alone. */
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { realDisk } from '../dist/disk/real-disk.js';
import { hold } from '../dist/state/hold.js';
import { processIdentity } from '../dist/state/processes.js';

const [held, rounds] = process.argv.slice(2);
const me = { ...processIdentity(), command: 'apply', at: 'now' };
const result = { had: 0, refused: 0, together: 0 };
for (let round = 0; round < Number(rounds); round++) {
  let mine;
  try {
    mine = hold(realDisk, { held }, me, String(round));
  } catch (error) {
    if (error.code !== 'DSP-LOCKED') throw error;
    result.refused++;
    continue;
  }
  result.had++;
  try {
    closeSync(openSync(`${held}.alone`, 'wx'));
    unlinkSync(`${held}.alone`);
  } catch {
    result.together++;
  }
  mine.release();
}
console.log(JSON.stringify(result));
if (rounds === '0') {
  hold(realDisk, { held }, me, 'kept');
  console.log('held');
  setInterval(() => {}, 1_000);
}
