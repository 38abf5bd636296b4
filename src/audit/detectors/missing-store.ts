/** A store that code expects and that is not there (trap S13). */
import { type Binding, IF_THERE } from '../../bindings/model.ts';
import { callsOf } from '../../code/calls.ts';
import type { Code } from '../code-model.ts';
import { groupBy } from '../group-by.ts';
import type { Detector } from '../model.ts';
import { count, list } from '../wording.ts';

export const missingStore: Detector = {
  doc: {
    code: 'missing-store',
    title: 'Code names a store that is not there',
    severity: 'medium',
    when: 'A line opens a file for reading only, or a SQLite file that must exist, and in every context that was found the file is absent, while the line was resolved completely.',
    why: 'The line fails when it runs; or the file was removed while it was still needed.',
    fix: 'Correct the path, or remove the code that nobody runs any more.',
    not: 'Stores that the program makes when it runs, temporary and in-memory ones, families with a name that is computed, what is taken out of an archive before, lines that ask first whether the file is there, tests, examples, files that git ignores and the program writes itself.',
  },
  detect(facts) {
    const written = new Set(
      facts.code.bindings
        .filter(({ access, target }) => 'path' in target && (access.includes('write') || target.kind === 'runtime'))
        .map(({ target }) => (target as { path: string }).path),
    );
    const missing = facts.code.bindings.filter(
      (binding): binding is Binding & { target: { kind: 'missing'; path: string } } =>
        binding.target.kind === 'missing' &&
        binding.confidence !== 'unknown' &&
        binding.purpose !== 'test' &&
        !binding.assumes.includes(IF_THERE) &&
        !written.has(binding.target.path) &&
        !isUnpacked(binding, facts.code) &&
        !facts.code.bindings.some(
          (other) => other.path === binding.path && other.line === binding.line && other.target.kind === 'store',
        ),
    );
    return [...groupBy(missing, ({ target }) => target.path)].map(([path, bindings]) => ({
      severity: 'medium' as const,
      confidence: bindings.every(({ confidence }) => confidence === 'proven')
        ? ('proven' as const)
        : ('likely' as const),
      message: `${path} is not there; ${count(bindings.length, 'line')} ${bindings.length === 1 ? 'opens' : 'open'} it.`,
      at: bindings.map(({ path: file, line }) => ({ path: file, line })),
      evidence: bindings.slice(0, 6).map(({ path: file, line, context, by }) => `${file}:${line} (${by}) ${context}`),
      consequence: bindings.length === 1 ? 'The line fails when it runs.' : 'These lines fail when they run.',
      action: `Look whether ${list([path])} was moved or removed; correct the path or remove the code.`,
      command: ['where', path],
    }));
  },
};

const UNPACKS =
  /^(?:extractall|extract|extractAll|extractAllTo|extractAllToAsync|extractTo|extractEntryTo|unpack_archive|unzip|unzipSync|decompress|gunzip|gunzipSync|createGunzip|inflate|untar)$/;
const UNPACKERS = /(?:^|\/)(?:tar|unzip|gunzip|7z|bsdtar|unxz|zstd)$/;

/** The function that opens it, or the script, has unpacked something before: the file may come from there. */
function isUnpacked({ path, line }: Binding, code: Code): boolean {
  const reach = code.answer(path, 'lines after an archive is unpacked', () => {
    const facts = code.structureOf(path);
    const called = callsOf(facts).flatMap(({ name, call, scope }) =>
      UNPACKS.test(name) ? [[call.at[2], facts.scopes[scope]?.lastLine ?? facts.lines] as const] : [],
    );
    const run = facts.commands.flatMap(({ words, at, weak }) =>
      weak !== true && UNPACKERS.test(words[0] ?? '') ? [[at[2], facts.lines] as const] : [],
    );
    return [...called, ...run];
  });
  return reach.some(([from, to]) => from <= line && line <= to);
}
