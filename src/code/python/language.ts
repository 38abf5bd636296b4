/** Python, 2 and 3: by tokens for every file, by its whole structure for those that concern stores. */
import { type Draft, emptyFacts } from '../empty-facts.ts';
import type { FileFacts, Language } from '../facts.ts';
import { type Lines, linesOf } from '../text-lines.ts';
import { readOutline } from './outline.ts';
import { scan } from './scan.ts';
import { placed, readStructure } from './structure.ts';
import type { Tokens } from './tokens.ts';

/** Above, a file is data, whatever its name: names and texts are still read. */
const MAX_STRUCTURE = 5_000_000;
/** Above, not even that. In UTF-16 units. */
const MAX_READ = 20_000_000;

export const python: Language = {
  id: 'python',
  outline(text, name): FileFacts {
    return outlineOf(text, name)?.facts ?? tooLarge(text);
  },
  structure(text, name): FileFacts {
    const outlined = outlineOf(text, name);
    if (outlined === undefined) return tooLarge(text);
    const { facts, tokens, lines } = outlined;
    if (text.length > MAX_STRUCTURE) {
      return { ...facts, read: 'tokens', problem: facts.problem ?? 'larger than 5 MB: names and texts only' };
    }
    const structure = readStructure(tokens, lines);
    const { scopes } = structure;
    const imports = placed(facts.imports, scopes);
    const texts = placed(facts.texts, scopes);
    return { ...facts, read: 'structure', ...structure, imports, texts, ...readByTokens(tokens, lines) };
  },
};

function outlineOf(text: string, name: string): { facts: Draft; tokens: Tokens; lines: Lines } | undefined {
  if (text.length > MAX_READ || isBinary(text)) return undefined;
  const tokens = scan(text);
  const lines = linesOf(text);
  const outline = readOutline(tokens, lines, name);
  const facts = { ...emptyFacts('python', 'outline', lines.count), ...outline } as Draft;
  facts.scopes = [{ kind: 'module', name: '', parent: -1, at: [0, text.length, 1], lastLine: lines.count }];
  return { facts: { ...facts, ...readByTokens(tokens, lines) }, tokens, lines };
}

/** Set where the file is no Python that any version reads. */
function readByTokens({ problem }: Tokens, lines: Lines): Pick<FileFacts, 'read' | 'problem'> | undefined {
  return problem === undefined
    ? undefined
    : { read: 'tokens', problem: `line ${lines.lineAt(problem.at)}: ${problem.message}` };
}

function isBinary(text: string): boolean {
  const nul = text.indexOf('\0');
  return nul >= 0 && nul < 8000;
}

function tooLarge(text: string): FileFacts {
  const problem = text.length > MAX_READ ? 'larger than 20 MB' : 'binary';
  return { ...emptyFacts('python', 'none', linesOf(text).count), problem };
}
