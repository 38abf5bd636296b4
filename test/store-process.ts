/** Starts `store-process.mjs`: another program that has a store open and keeps its locks. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface StoreProcess {
  /** One statement. Rejects with SQLite's message. */
  run(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Ends as a program ends that closes its store. */
  close(): Promise<void>;
}

interface Answer {
  readonly rows?: readonly Readonly<Record<string, unknown>>[];
  readonly error?: string;
}

export function openStoreProcess(file: string): StoreProcess {
  const script = fileURLToPath(new URL('./store-process.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(sql) {
      child.stdin.write(`${JSON.stringify(sql)}\n`);
      const { value, done } = await answers.next();
      if (done === true) throw new RangeError('the process that holds the store has ended');
      const answer = JSON.parse(value) as Answer;
      if (answer.error !== undefined) throw new RangeError(answer.error);
      return answer.rows ?? [];
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
