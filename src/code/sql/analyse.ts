/** SQL in texts and files: whether a text is SQL, and what it does to which table. */
import type { SqlUse } from '../facts.ts';
import type { Use } from './frames.ts';
import { scanStatement } from './statement.ts';
import { statementsOf } from './tokens.ts';

export { looksLikeSql } from './looks-like-sql.ts';

/** Bodies of functions inside bodies: nobody writes more, an attacker may. */
const MOST_BODIES = 3;

/**
 * What each statement does, in order; `line` is the line of the text's first character. Reads have the verb `select`, whichever
 * statement they stand in. `attach` and `vacuum into` name a file in `table` (`attach` its name here in `schema`).
 */
export function analyseSql(text: string, line: number): readonly SqlUse[] {
  const uses: Use[] = [];
  readInto(uses, text, line, 0);
  return uses;
}

function readInto(uses: Use[], text: string, line: number, depth: number): void {
  const body = (inner: string, at: number): void => {
    if (depth < MOST_BODIES) readInto(uses, inner, at, depth + 1);
  };
  for (const tokens of statementsOf(text, line)) {
    const reads = new Set<string>();
    const emit = (use: Use): void => {
      if (use.verb === 'select') {
        // A table that joins itself is read once.
        const key = `${use.schema ?? ''}\0${use.table}`;
        if (reads.has(key)) return;
        reads.add(key);
      }
      uses.push(use);
    };
    scanStatement(tokens, text, emit, body);
  }
}
