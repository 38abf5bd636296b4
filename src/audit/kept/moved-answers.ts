/** What changed since an earlier run as far as reading a file may depend on it: files, and questions asked of the whole project. */
import { importsModule } from '../../bindings/program.ts';
import type { FileFacts } from '../../code/facts.ts';
import { edgeLines, type KeptGraph } from '../../code/graph/kept-graph.ts';
import type { ReadCode } from '../../code/read-code.ts';
import { lazily } from '../../lazily.ts';
import type { FileDigest, KeptCode } from './kept-code.ts';

/** Files that are new, gone, of another content, or whose imports lead elsewhere. */
export function changedFiles(
  kept: KeptCode,
  read: ReadCode,
  graphs: { readonly before: KeptGraph; readonly now: KeptGraph } | undefined,
): ReadonlySet<string> {
  const changed = new Set(read.fresh);
  for (const path of kept.paths) if (!read.facts.has(path)) changed.add(path);
  if (graphs === undefined) return changed;
  const [before, now] = [edgeLines(graphs.before), edgeLines(graphs.now)];
  for (const [path, lines] of now) if (before.get(path) !== lines) changed.add(path);
  for (const path of before.keys()) if (!now.has(path)) changed.add(path);
  return changed;
}

export interface AnswerChange {
  readonly kept: KeptCode;
  readonly read: ReadCode;
  readonly digestOf: (path: string) => FileDigest | undefined;
  /** Nothing that follows from how files refer to each other is otherwise than before. */
  readonly sameShape: boolean;
  readonly changed: ReadonlySet<string>;
}

/** Tells of a question whether it may be answered otherwise than before. */
export function movedAnswers({
  kept,
  read,
  digestOf,
  sameShape,
  changed,
}: AnswerChange): (question: string) => boolean {
  const names = lazily(() => {
    const come = { call: new Set<string>(), set: new Set<string>() };
    let models = false;
    for (const path of changed) {
      const was = kept.digest(path)?.names;
      const is = read.facts.has(path) ? digestOf(path)?.names : undefined;
      // Who called it before and does not now was looked at then: that is noted as such.
      for (const name of is?.calls ?? []) if (was?.calls.includes(name) !== true) come.call.add(name);
      for (const name of is?.sets ?? []) if (was?.sets.includes(name) !== true) come.set.add(name);
      models ||= JSON.stringify(was?.models ?? []) !== JSON.stringify(is?.models ?? []);
    }
    return { ...come, models };
  });
  const before = lazily((): readonly FileFacts[] => kept.paths.flatMap((path) => kept.facts(path) ?? []));
  const were = lazily(() => new Set(kept.paths));
  return (question) => {
    const cut = question.indexOf(' ');
    const [kind, what] = cut < 0 ? [question, ''] : [question.slice(0, cut), question.slice(cut + 1)];
    switch (kind) {
      case 'call':
        return names().call.has(what);
      case 'set':
        return names().set.has(what);
      case 'models':
        return names().models;
      case 'has':
        return were().has(what) !== read.facts.has(what);
      case 'uses':
        return !sameShape && importsModule(before(), what) !== importsModule(read.facts.values(), what);
      default:
        // `imports`, `tree`: how files refer to each other.
        return !sameShape;
    }
  };
}
