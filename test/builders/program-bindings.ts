/** What a small program opens, from its texts alone. */
import { bindAll } from '../../src/bindings/bind.ts';
import type { Binding } from '../../src/bindings/model.ts';
import { openingsOf } from '../../src/bindings/openings.ts';
import { buildProgram } from './program.ts';

export async function bindingsOf(
  texts: Readonly<Record<string, string>>,
  stores: readonly string[] = [],
): Promise<readonly Binding[]> {
  const { evaluator, contexts, files, graph } = await buildProgram(texts);
  const known = new Set(stores);
  return bindAll({
    read: new Map(files.map((file) => [file, openingsOf(evaluator, file)])),
    contexts,
    stores: { byPath: (path) => (known.has(path) ? path : undefined), paths: [...known] },
    importsOf: graph.imports,
    source: (path, line) => ({ path, line, text: (texts[path]?.split('\n')[line - 1] ?? '').trim() }),
  });
}

/** In a few words: how sure, what kind, which. */
export const said = ({ target, confidence }: Binding): string =>
  `${confidence} ${target.kind} ${'path' in target ? target.path : 'url' in target ? target.url : 'why' in target ? target.why : ''}`.trim();
