/**
 * Which folder a text of a shell means, where every run of the script agrees: `"$(dirname "$0")/.."`, `$(cd "${0%/*}" && pwd)`,
 * `$(git rev-parse --show-toplevel)`, variables that hold such, brought to one spelling each. Nothing is run: what is not
 * one of these idioms is not known.
 */
import { tokensOf } from './tokens.ts';
import { ASSIGNMENT, matching } from './words.ts';

/** The folder of the script itself. */
export const OWN_FOLDER = '$(dirname "$0")';
/** The folder that git calls the top of the tree. */
export const TOP_FOLDER = '$(git rev-parse --show-toplevel)';
/** The folder that the script was started in. */
export const START_FOLDER = '$PWD';

/** The script itself: no folder yet. */
const OWN_FILE = '$0';

export interface FolderNames {
  /** What a variable of the script was found to mean. */
  readonly variable: (name: string) => string | undefined;
  /** The folder that holds here, relative to where the script was started. */
  readonly cwd: string | undefined;
  /** `$0` is no file: `sh -c`, a Makefile's recipe. */
  readonly nameless?: boolean;
}

/** Nested deeper or longer than any idiom. */
const MAX_DEPTH = 6;
const MAX_UNITS = 400;

/** `undefined`: not known. A plain path stands for itself. */
export function knownFolder(text: string, names: FolderNames): string | undefined {
  // A list is no path.
  return text.startsWith('(') ? undefined : textValue(text, names, 0);
}

function textValue(text: string, names: FolderNames, depth: number): string | undefined {
  if (text.length > MAX_UNITS || depth > MAX_DEPTH) return undefined;
  let value = '';
  let index = 0;
  while (index < text.length) {
    const unit = text[index] as string;
    if (unit !== '$' && unit !== '`') {
      value += unit;
      index++;
      continue;
    }
    const end = expansionEnd(text, index);
    const known = end === undefined ? undefined : expansionOf(text.slice(index, end), names, depth);
    if (end === undefined || known === undefined) return undefined;
    // Only a relative plain path makes sense behind something else.
    if (value !== '' && /^[$/]/.test(known)) return undefined;
    value += known;
    index = end;
  }
  const [start] = /^\$(?:\(dirname "\$0"\)|\(git rev-parse --show-toplevel\)|PWD|0)/.exec(value) ?? [];
  if (start === undefined) return value;
  // `$0/x` is below a file, `$PWDx` beside the folder.
  const rest = value.slice(start.length);
  return rest === '' || (rest.startsWith('/') && start !== OWN_FILE) ? value : undefined;
}

function expansionEnd(text: string, start: number): number | undefined {
  if (text[start] === '`' || text[start + 1] === '(' || text[start + 1] === '{') {
    const end = matching(text, text[start] === '`' ? start : start + 1, text.length, { failures: 0 });
    return end === -1 ? undefined : end;
  }
  const name = /^\$(?:[A-Za-z_]\w*|\d)/.exec(text.slice(start, start + 100));
  return name === null ? undefined : start + name[0].length;
}

const FILE = /^\$(?:0|BASH_SOURCE|\{0\}|\{BASH_SOURCE(?:\[0\])?(?::?-\$(?:0|\{0\}))?\})$/;
/** `${0%/*}`, and what zsh writes for it. */
const FILE_FOLDER = /^\$\{(?:(?:0|BASH_SOURCE(?:\[0\])?)%\/\*|0(?::[aAP])?:h)\}$/;

function expansionOf(text: string, names: FolderNames, depth: number): string | undefined {
  if (FILE.test(text)) return names.nameless ? undefined : OWN_FILE;
  if (FILE_FOLDER.test(text)) return names.nameless ? undefined : OWN_FOLDER;
  if (text === '$PWD' || text === `\${PWD}`) return startFolder(names.cwd);
  const [, plain, braced, up] = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(%\/\*)?\})$/.exec(text) ?? [];
  const name = plain ?? braced;
  if (name !== undefined) {
    const known = names.variable(name);
    return known === undefined || up === undefined ? known : parentOf(known);
  }
  if (text.startsWith('$((') || text.startsWith('${')) return undefined;
  return outputOf(text.startsWith('`') ? text.slice(1, -1) : text.slice(2, -1), names, depth + 1);
}

const startFolder = (cwd: string | undefined): string =>
  cwd === undefined ? START_FOLDER : /^[/$~]/.test(cwd) ? cwd : `${START_FOLDER}/${cwd}`;

const parentOf = (path: string): string => (path === OWN_FILE ? OWN_FOLDER : `${path.replace(/\/$/, '')}/..`);

/** What the commands of a substitution print, where it is one folder. */
function outputOf(script: string, names: FolderNames, depth: number): string | undefined {
  let { cwd } = names;
  let printed: string | undefined;
  for (const words of commandsOf(script)) {
    const [program, ...given] = words;
    // Long options ask for something else: `realpath --relative-to`.
    if (given.some((word) => /^--./.test(word) && program !== 'git')) return undefined;
    const operands = given.filter((word) => !word.startsWith('-'));
    const first = operands.length === 1 ? textValue(operands[0] as string, { ...names, cwd }, depth) : undefined;
    if (program === 'cd') {
      if (first === undefined || first === OWN_FILE) return undefined;
      cwd = /^[/$~]/.test(first) || cwd === undefined ? first : `${cwd}/${first}`;
    } else if (printed !== undefined) return undefined;
    else if (program === 'pwd') printed = startFolder(cwd);
    else if (program === 'dirname') printed = first === undefined ? undefined : parentOf(first);
    else if (program === 'realpath' || (program === 'readlink' && given.some((word) => /^-[efm]+$/.test(word))))
      printed =
        first === undefined || /^[/$~]/.test(first)
          ? first
          : startFolder(cwd === undefined ? first : `${cwd}/${first}`);
    else if (program === 'git') printed = topFolder(given, { ...names, cwd }, depth);
    else return undefined;
    if (program !== 'cd' && printed === undefined) return undefined;
  }
  return printed;
}

function topFolder(given: readonly string[], names: FolderNames, depth: number): string | undefined {
  const [option, folder] = given;
  if (option !== '-C') return given.join(' ') === 'rev-parse --show-toplevel' ? TOP_FOLDER : undefined;
  const from = folder === undefined ? undefined : textValue(folder, names, depth);
  return from === OWN_FOLDER ? topFolder(given.slice(2), names, depth) : undefined;
}

/** Words of the commands that run where none fails; assignments and redirections left out. */
function commandsOf(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let counts = true;
  const finish = (): void => {
    if (words[0] === 'command' || words[0] === 'builtin') words.shift();
    if (counts && words.length > 0 && words[0] !== 'unset') commands.push(words);
    words = [];
  };
  for (const token of tokensOf(script, 0, script.length, { failures: 0 })) {
    if (token.k === 'op') {
      finish();
      // A pipe, a group or something in the background is no such idiom.
      if (!/^(?:&&|\|\||;|\r?\n)$/.test(token.op)) commands.push([token.op]);
      counts = token.op !== '||';
    } else if (token.k === 'word' && !(words.length === 0 && ASSIGNMENT.test(token.word.value)))
      words.push(token.word.value);
  }
  finish();
  return commands;
}
