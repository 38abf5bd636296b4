/** The thread that reads source files beside the main one: takes the next block of tasks until none is left. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Language, LanguageId } from '../code/facts.ts';
import { keepFacts, keepStructure } from '../code/kept-facts.ts';
import { loadLanguage } from '../code/languages.ts';
import type { KeptRead } from '../code/read-code.ts';
import { fromDisk, readOne } from '../code/read-one.ts';
import { isCompared } from './compared-files.ts';
import { BLOCK, type WorkerInput, type WorkerOutput } from './read-beside.ts';

const { root, tasks, taken } = workerData as WorkerInput;
const bytes = fromDisk(root);
const languages = new Map<LanguageId, Language>();
for (const id of new Set(tasks.map(({ language }) => language))) languages.set(id, await loadLanguage(id));

const counter = new Int32Array(taken);
for (;;) {
  const first = Atomics.add(counter, 0, BLOCK);
  if (first >= tasks.length) break;
  const read: (readonly [number, KeptRead])[] = [];
  const buffers: ArrayBuffer[] = [];
  for (let index = first; index < Math.min(first + BLOCK, tasks.length); index++) {
    const task = tasks[index] as WorkerInput['tasks'][number];
    const { content, facts, hashes } = readOne(bytes, task, languages.get(task.language) as Language, isCompared);
    if (hashes !== undefined) buffers.push(hashes.buffer as ArrayBuffer);
    read.push([
      index,
      {
        content,
        ...(hashes === undefined ? {} : { hashes }),
        ...(facts === undefined ? {} : { kept: keepFacts(facts), structure: keepStructure(facts) }),
      },
    ]);
  }
  parentPort?.postMessage({ read } satisfies WorkerOutput, buffers);
}
parentPort?.postMessage({ read: [], done: true } satisfies WorkerOutput);
