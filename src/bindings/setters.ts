/** Who sets a variable at all: a service, a job, a file of variables. Proposals of example files set nothing. */
import type { FileFacts } from '../code/facts.ts';
import type { SourceTree } from '../code/resolve.ts';
import { isExampleFile } from './example-file.ts';
import type { Source } from './symbol.ts';

export function settersOf(
  tree: SourceTree,
  source: (path: string, line: number) => Source,
): (name: string) => Source | undefined {
  let setters: Map<string, Source> | undefined;
  return (name) => {
    setters ??= collect(tree, source);
    return setters.get(name);
  };
}

function collect(tree: SourceTree, source: (path: string, line: number) => Source): Map<string, Source> {
  const found = new Map<string, Source>();
  const set = (name: string, path: string, line: number): void => {
    if (!found.has(name)) found.set(name, source(path, line));
  };
  // A service or a file of variables says more than a line of some script.
  const rank = ({ language }: FileFacts): number => (/^(?:yaml|env|dockerfile)$/.test(language) ? 0 : 1);
  const files = [...tree.facts].filter(([path]) => !isExampleFile(path)).sort(([, x], [, y]) => rank(x) - rank(y));
  for (const [path, { variables }] of files) {
    for (const { name, value, at, build } of variables) {
      if (value !== null && value !== '' && build !== true) set(name, path, at[2]);
    }
  }
  for (const [path, { commands }] of files) {
    for (const { env, at } of commands) for (const name of Object.keys(env)) set(name, path, at[2]);
  }
  return found;
}
