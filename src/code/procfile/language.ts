/** Procfile: `web: gunicorn app:app` per line. */
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { addScript } from '../shell/add-script.ts';
import { linesOf } from '../text-lines.ts';
import { asWritten } from '../written-text.ts';

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('procfile', 'structure', lines.count);
  for (const match of text.matchAll(/^([A-Za-z0-9_-]+):[ \t]*(\S[^\r\n]*)/gm)) {
    const command = match[2] as string;
    const from = match.index + match[0].length - command.length;
    addScript(facts, asWritten(text, from, from + command.length, lines), { by: `service ${match[1]}` });
  }
  return facts;
}

export const procfile: Language = { id: 'procfile', outline: read, structure: read };
