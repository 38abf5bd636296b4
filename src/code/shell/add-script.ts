/** Puts what a script says into the facts of the file that it stands in. */
import type { Draft } from '../empty-facts.ts';
import type { WrittenText } from '../written-text.ts';
import { readCommands, type ScriptFacts, type ScriptOptions } from './commands.ts';

export function addScript(facts: Draft, script: WrittenText, options: ScriptOptions): ScriptFacts {
  const found = readCommands(script, options);
  // No spreading into `push`: a long script has more facts than a call takes arguments.
  for (const each of found.commands) facts.commands.push(each);
  for (const each of found.variables) facts.variables.push(each);
  for (const each of found.texts) facts.texts.push(each);
  for (const each of found.references) facts.references.push(each);
  for (const each of found.imports) facts.imports.push(each);
  for (const each of found.sql) facts.sql.push(each);
  for (const each of found.places) facts.places.push(each);
  return found;
}

/** The same facts once: a matrix or a repeated line may say one thing often. */
export function once<T>(items: readonly T[]): T[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = JSON.stringify(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
