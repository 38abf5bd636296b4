/** Text that a child writes into a new file of the scratch folder, in pieces: the file is ours, and made anew after any failure. */
import { closeSync, openSync, writeSync } from 'node:fs';

export interface ScratchText {
  add(text: string): void;
  close(): void;
}

/** Written at once. */
const PIECE = 256 * 1024;

/** 0600; `path` must not be there. What was added is in the file after `close`. */
export function openScratchText(path: string): ScratchText {
  const fd = openSync(path, 'wx', 0o600);
  let waiting = '';
  const write = (): void => {
    const bytes = Buffer.from(waiting, 'utf8');
    waiting = '';
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  };
  return {
    add(text) {
      waiting += text;
      if (waiting.length >= PIECE) write();
    },
    close() {
      try {
        write();
      } finally {
        closeSync(fd);
      }
    },
  };
}
