import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCompared } from '../src/audit/compared-files.ts';
import { readBeside } from '../src/audit/read-beside.ts';
import { type Beside, type ReadCode, readCode } from '../src/code/read-code.ts';
import type { Task } from '../src/code/read-one.ts';
import { type FileEntry, walkProject } from '../src/project/walk.ts';

let root = '';
let files: readonly FileEntry[] = [];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'beside-'));
  mkdirSync(join(root, 'app'));
  for (let n = 0; n < 420; n++) {
    const python = n % 2 === 0;
    const opens = n % 3 === 0;
    const lines = Array.from({ length: 260 }, (_, k) =>
      python
        ? `def f${k}(a, b=${k}):\n    return g${(n * k) % 97}(a, "text ${k}")`
        : `export function f${k}(a: number, b = ${k}) { return g${(n * k) % 97}(a, 'text ${k}'); }`,
    );
    const head = python
      ? `import os\n${opens ? 'import sqlite3\ndb = sqlite3.connect(os.path.join("data", "x.db"))\n' : ''}`
      : `import { join } from 'node:path';\n${opens ? "import Database from 'better-sqlite3';\nconst db = new Database('x.db');\n" : ''}`;
    writeFileSync(join(root, 'app', `m${n}.${python ? 'py' : 'ts'}`), `${head}${lines.join('\n')}\n`);
  }
  writeFileSync(join(root, 'app', 'broken.py'), 'def (((\n');
  writeFileSync(join(root, 'app', 'docker-compose.yml'), 'services:\n  a:\n    image: x\n');
  ({ files } = walkProject(root, { ignore: [] }));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Everything that was read, whichever thread read it. */
function said(read: ReadCode): unknown {
  return [...read.facts].map(([path, facts]) => {
    const whole = facts.read === 'outline' ? facts : read.structureOf(path);
    const { language, read: quality, problem, lines, runnable, imports, exports, texts, scopes } = whole;
    const { assigns, statements, places, commands } = whole;
    return [
      path,
      {
        language,
        quality,
        problem,
        lines,
        runnable,
        imports,
        exports,
        texts,
        scopes,
        assigns,
        statements,
        places,
        commands,
      },
      read.states.get(path),
      read.fresh.has(path),
    ];
  });
}

describe('a second thread', () => {
  it('reads what the first would have read', { timeout: 60_000 }, async () => {
    const began: (Beside | undefined)[] = [];
    const beside = await readCode(root, files, {
      compared: isCompared,
      beside: (from, tasks) => {
        const one = readBeside(from, tasks);
        began.push(one);
        return one;
      },
    });
    const alone = await readCode(root, files, { compared: isCompared });
    expect(began).toHaveLength(1);
    expect(said(beside)).toEqual(said(alone));
    expect(beside.prints().map(({ path, content, hashes }) => [path, content, [...hashes]])).toEqual(
      alone.prints().map(({ path, content, hashes }) => [path, content, [...hashes]]),
    );
  });

  it('that fails owes nothing: the first reads what it took', { timeout: 60_000 }, async () => {
    const failing = (_root: string, tasks: readonly Task[]): Beside => {
      let at = -1;
      return {
        // Every second task is taken by a thread that never answers.
        next: () => {
          at += 2;
          return at < tasks.length ? at : undefined;
        },
        rest: async () => new Map(),
        close: () => {},
      };
    };
    const read = await readCode(root, files, { compared: isCompared, beside: failing });
    expect(said(read)).toEqual(said(await readCode(root, files, { compared: isCompared })));
  });

  it('that never answers is not waited for: the first reads what it took', { timeout: 60_000 }, async () => {
    const entry = join(root, 'silent.mjs');
    const lines = [
      "import { workerData } from 'node:worker_threads';",
      'Atomics.add(new Int32Array(workerData.taken), 0, 64);',
      'setInterval(() => {}, 1000);',
    ];
    writeFileSync(entry, lines.join('\n'));
    const beside = (from: string, tasks: readonly Task[]) => readBeside(from, tasks, { entry, patienceMs: 300 });
    const read = await readCode(root, files, { compared: isCompared, beside });
    expect(said(read)).toEqual(said(await readCode(root, files, { compared: isCompared })));
  });

  it('is not begun for little', () => {
    const task: Task = { path: 'a.py', bytes: 100, language: 'python' };
    expect(readBeside(root, [task])).toBeUndefined();
    expect(readBeside(root, Array<Task>(500).fill(task))).toBeUndefined();
  });
});
