/** `sqlite3 data/app.db 'SELECT …'` in scripts, Makefiles, package scripts, units: a command that opens a store. */
import type { CommandFact, FileFacts } from '../code/facts.ts';
import type { TableUse } from './model.ts';
import { apply, hole, type Source, type Symbolic, text } from './symbol.ts';
import { type ConnectionUse, type Opening, openingKey } from './value.ts';

/** Options of the shell of SQLite that take a value. */
const WITH_VALUE = /^-{1,2}(?:cmd|init|separator|newline|nullvalue|vfs|maxsize|mmap|lookaside|pagecache|heap)$/;

export function shellOpenings(
  file: string,
  facts: FileFacts,
  source: (line: number) => Source,
): { readonly openings: readonly Opening[]; readonly uses: readonly ConnectionUse[] } {
  const openings: Opening[] = [];
  const uses: ConnectionUse[] = [];
  for (const command of facts.commands) {
    if (command.weak === true || !/(?:^|\/)(?:sqlite3?|litecli)$/.test(command.words[0] ?? '')) continue;
    const path = storeOf(command);
    if (path === undefined) continue;
    const done = facts.sql.filter(({ line }) => line >= command.at[2] && line <= lastLine(facts, command));
    const opening: Opening = {
      file,
      start: command.at[0],
      line: command.at[2],
      rule: 'sqlite3 (shell)',
      engine: 'sqlite',
      form: path.startsWith('file:') ? 'sqlite-uri' : 'path',
      target: expanded(path, facts, source(command.at[2]), 0),
      creates: !command.words.some((word) => /^-{1,2}readonly$/.test(word)),
      ...(done.length === 0 ? {} : { access: done.some(({ access }) => access !== 'read') ? 'write' : 'read' }),
    };
    openings.push(opening);
    const tables: TableUse[] = done.map(({ table, access, line }) => ({ table, access, path: file, line }));
    if (tables.length > 0) uses.push({ openings: [openingKey(opening)], uses: tables, followed: true });
  }
  return { openings, uses };
}

function storeOf({ words }: CommandFact): string | undefined {
  for (let index = 1; index < words.length; index++) {
    const word = words[index] as string;
    if (WITH_VALUE.test(word)) index++;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

/** The text that belongs to a command ends where the next one begins. */
function lastLine(facts: FileFacts, command: CommandFact): number {
  const next = facts.commands.find(({ at }) => at[2] > command.at[2]);
  return next === undefined ? Number.POSITIVE_INFINITY : next.at[2] - 1;
}

/** `$X`, `${X:-default}`: what the file sets, else the environment. */
function expanded(word: string, facts: FileFacts, source: Source, depth: number): Symbolic {
  const parts = word.split(/(\$\{\w+(?::?[-=][^}]*)?\}|\$\w+|\$\([^)]*\)|`[^`]*`)/);
  return apply(
    'concat',
    ...parts.map((part): Symbolic => {
      const match = /^\$(?:\{(\w+)(?::?[-=]([^}]*))?\}|(\w+))$/.exec(part);
      if (match === null)
        return part.startsWith('$(') || part.startsWith('`') ? hole('the output of a command') : text(part);
      const name = match[1] ?? match[3] ?? '';
      if (/^\d+$/.test(name)) return hole(`argument ${name}`);
      const fallback = match[2];
      const set = facts.variables.find((variable) => variable.name === name && variable.value !== null);
      const value: Symbolic =
        set?.value !== undefined &&
        set.value !== null &&
        depth < 5 &&
        !set.value.includes(`$${name}`) &&
        !set.value.includes(`\${${name}`)
          ? expanded(set.value, facts, source, depth + 1)
          : set?.value?.includes(`{${name}:-`) === true && depth < 5
            ? {
                s: 'or',
                a: { s: 'env', name, source },
                b: expanded(set.value.replace(/^.*:-|\}.*$/g, ''), facts, source, depth + 1),
              }
            : { s: 'env', name, source };
      return fallback === undefined ? value : { s: 'or', a: value, b: expanded(fallback, facts, source, depth + 1) };
    }),
  );
}
