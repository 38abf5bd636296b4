/** What the audit knows of a program of a few files: read, joined and bound as in an audit, without touching a disk. */
import type { Code } from '../../src/audit/code-model.ts';
import { isCompared } from '../../src/audit/compared-files.ts';
import { placeDeclarations } from '../../src/audit/declarations.ts';
import { type FileReading, readFile } from '../../src/audit/read-file.ts';
import { bindAll } from '../../src/bindings/bind.ts';
import { entryPoints } from '../../src/code/graph/entry-points.ts';
import { residue } from '../../src/code/graph/residue.ts';
import { findSimilar } from '../../src/code/similar/find-similar.ts';
import { fingerprint } from '../../src/code/similar/fingerprint.ts';
import { NO_CODE } from './facts.ts';
import { buildProgram } from './program.ts';

/** `stores`: paths of stores, which are their ids. */
export async function readCode(texts: Readonly<Record<string, string>>, stores: readonly string[] = []): Promise<Code> {
  const { tree, evaluator, contexts, graph, files } = await buildProgram({
    ...texts,
    ...Object.fromEntries(stores.map((path) => [path, ''])),
  });
  const lineOf = (path: string, line: number): string => (texts[path]?.split(/\r?\n/)[line - 1] ?? '').trim();
  const readings = new Map<string, FileReading>();
  for (const [path, facts] of tree.facts)
    readings.set(
      path,
      readFile(evaluator, path, facts, (one) => texts[one]),
    );
  const bindings = bindAll({
    read: readings,
    contexts,
    stores: { byPath: (path) => (stores.includes(path) ? path : undefined), paths: stores },
    importsOf: graph.imports,
    source: (path, line) => ({ path, line, text: lineOf(path, line) }),
  });
  const compared = files.flatMap((path) => {
    const facts = tree.facts.get(path);
    const text = texts[path];
    if (facts === undefined || text === undefined || !isCompared(path, facts)) return [];
    return [{ path, hashes: fingerprint(text, facts.language), content: text }];
  });
  return {
    ...NO_CODE,
    files: tree.facts,
    paths: tree.paths,
    bindings,
    graph,
    variables: [...readings.values()].flatMap(({ variables }) => variables),
    declarations: placeDeclarations(
      [...readings.values()].flatMap(({ declarations }) => declarations),
      bindings,
    ),
    entries: entryPoints(tree),
    similar: findSimilar(compared),
    residue: residue(tree, graph),
    structureOf: (path) => {
      const facts = tree.facts.get(path);
      if (facts === undefined) throw new RangeError(`there is no ${path}`);
      return facts;
    },
    lineOf,
  };
}
