/** Which files have to be read anew after a change: those that changed, and those whose reading looked at what changed. */
import type { Dependencies } from './kept-code.ts';

/**
 * Files whose reading depends on one of `changed`, these included, or asked a question that may be answered otherwise now.
 * `answersMoved`: tells that of a question.
 */
export function staleReadings(
  { looked, asked }: Dependencies,
  changed: Iterable<string>,
  answersMoved: (question: string) => boolean,
): ReadonlySet<string> {
  const stale = new Set(changed);
  const known = new Map<string, boolean>();
  for (const [file, questions] of asked) {
    for (const question of questions) {
      let moved = known.get(question);
      if (moved === undefined) {
        moved = answersMoved(question);
        known.set(question, moved);
      }
      if (moved) {
        stale.add(file);
        break;
      }
    }
  }
  const lookedAtBy = new Map<string, string[]>();
  for (const [file, others] of looked) {
    for (const other of others) {
      const list = lookedAtBy.get(other);
      if (list === undefined) lookedAtBy.set(other, [file]);
      else list.push(file);
    }
  }
  // A set that grows while it is walked: circles end by themselves.
  for (const file of stale) for (const other of lookedAtBy.get(file) ?? []) stale.add(other);
  return stale;
}

/** What earlier runs noted, and this one; of files that changed only what this one did. */
export function mergeDependencies(
  earlier: Dependencies | undefined,
  now: Dependencies,
  changed: ReadonlySet<string>,
): Dependencies {
  if (earlier === undefined) return now;
  return {
    looked: merge(earlier.looked, now.looked, changed),
    asked: merge(earlier.asked, now.asked, changed),
  };
}

function merge(
  earlier: Dependencies['looked'],
  now: Dependencies['looked'],
  changed: ReadonlySet<string>,
): Dependencies['looked'] {
  const merged = new Map<string, Set<string>>();
  for (const [file, others] of earlier) if (!changed.has(file)) merged.set(file, new Set(others));
  for (const [file, others] of now) {
    const known = merged.get(file);
    if (known === undefined) merged.set(file, new Set(others));
    else for (const other of others) known.add(other);
  }
  return merged;
}
