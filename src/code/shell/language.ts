/** Shell scripts: what they run, source and set, and the stores they name. Nothing is executed or expanded. */
import { emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { linesOf } from '../text-lines.ts';
import { asWritten } from '../written-text.ts';
import { addScript } from './add-script.ts';

/** A script longer than this was written by a program. */
const MAX_UNITS = 4_000_000;

function read(text: string): FileFacts {
  const lines = linesOf(text);
  const facts = emptyFacts('shell', 'structure', lines.count);
  if (text.length > MAX_UNITS) {
    return { ...facts, read: 'none', problem: `too large to be written by hand: ${text.length} characters` };
  }
  if (text.startsWith('#!')) facts.runnable = true;
  const { problem } = addScript(facts, asWritten(text, 0, text.length, lines), { by: 'line' });
  return problem === undefined ? facts : { ...facts, read: 'tokens', problem };
}

export const shell: Language = { id: 'shell', outline: read, structure: read };
