/** Procfile: `web: gunicorn app:app` per line. */
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { linesOf } from '../text-lines.ts';
import { asWritten } from '../written-text.ts';

/** What is larger was written by a program. */
const MAX_UNITS = 1_000_000;

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('procfile', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large for a Procfile: ${text.length} characters` };
  }
  for (const match of text.matchAll(/^([A-Za-z0-9_-]+):[ \t]*(\S[^\r\n]*)/gm)) {
    const command = match[2] as string;
    const from = match.index + match[0].length - command.length;
    addScript(facts, asWritten(text, from, from + command.length, lines), { by: `service ${match[1]}` });
  }
  return facts;
}

export const procfile: Language = { id: 'procfile', outline: read, structure: read };
