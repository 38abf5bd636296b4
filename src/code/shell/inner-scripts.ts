/** Words that are scripts themselves: `bash -c "…"`, `concurrently "a" "b"`, `nodemon --exec "…"`. */

import type { Word } from './words.ts';
import { baseName, type Simple } from './wrappers.ts';

export interface InnerScript {
  readonly word: Word;
  readonly from: number;
  readonly to: number;
  /** What is said in front of it: `npm:dev` of concurrently is `npm run dev`. */
  readonly prefix?: string;
}

const SHELLS = new Set(['sh', 'bash', 'zsh', 'dash', 'ash', 'ksh']);
/** Programs that run the value of an option as a command line. */
const BY_OPTION: ReadonlyMap<string, string> = new Map(
  Object.entries({
    nodemon: '--exec -x',
    su: '-c --command',
    'tsc-watch': '--onSuccess --onFirstSuccess',
    tsup: '--onSuccess',
    chokidar: '-c --command',
    npx: '-c --call',
    script: '-c',
    flock: '-c',
  }),
);

const whole = (word: Word): InnerScript => ({ word, from: 0, to: word.value.length });

/** `undefined`: the command runs no script. An empty list: it does, and none is written there. */
export function innerScripts({ words }: Simple): readonly InnerScript[] | undefined {
  const name = baseName(words[0]?.value ?? '');
  if (SHELLS.has(name)) {
    // `-c`, `-lc`, `-euxc`; `bash script.sh` is none.
    for (let index = 1; index < words.length; index++) {
      const { value } = words[index] as Word;
      if (value === '-o' || value === '+o') index++;
      else if (/^-[a-zA-Z]*c$/.test(value)) {
        const script = words[index + 1];
        return script === undefined ? undefined : [whole(script)];
      } else if (!value.startsWith('-')) return undefined;
    }
    return undefined;
  }
  if (name === 'eval' || name === 'trap') return words[1] === undefined ? undefined : [whole(words[1])];
  if (name === 'concurrently' || name === 'conc') return concurrently(words);
  if (name === 'run-p' || name === 'run-s' || name === 'npm-run-all') {
    return operands(words, '')
      .filter(({ value }) => /^[\w:-]+$/.test(value))
      .map((word) => ({ ...whole(word), prefix: 'npm run ' }));
  }
  if (name === 'tmux' || name === 'screen') return terminal(words);
  const options = BY_OPTION.get(name)?.split(' ');
  if (options === undefined) return undefined;
  for (const [index, { value }] of words.entries()) {
    if (index === 0) continue;
    if (options.includes(value)) {
      const rest = words.slice(index + 1);
      const [first] = rest;
      if (first === undefined) return undefined;
      // `nodemon --exec tsx src/x.ts`: the words behind belong to it.
      if (!/\s/.test(first.value) && name === 'nodemon' && rest.length > 1) return joined(rest);
      return [whole(first)];
    }
    const option = options.find((each) => each.startsWith('--') && value.startsWith(`${each}=`));
    if (option !== undefined) return [{ word: words[index] as Word, from: option.length + 1, to: value.length }];
  }
  return undefined;
}

/** Words side by side read as one script; quotes among them are lost, which plain commands do not have. */
function joined(words: readonly Word[]): readonly InnerScript[] {
  let value = '';
  const marks: number[] = [];
  for (const word of words) {
    if (value !== '') value += ' ';
    const base = value.length;
    marks.push(base, word.start);
    for (let mark = 0; mark < word.marks.length; mark += 2) {
      marks.push(base + (word.marks[mark] as number), word.marks[mark + 1] as number);
    }
    value += word.value;
  }
  const [first] = words;
  const last = words.at(-1);
  const word: Word = { value, start: first?.start ?? 0, end: last?.end ?? 0, marks, quoted: false, inner: [] };
  return [whole(word)];
}

function operands(words: readonly Word[], valued: string): readonly Word[] {
  const takes = new Set(valued.split(' '));
  const found: Word[] = [];
  for (let index = 1; index < words.length; index++) {
    const word = words[index] as Word;
    if (!word.value.startsWith('-')) found.push(word);
    else if (takes.has(word.value)) index++;
  }
  return found;
}

function concurrently(words: readonly Word[]): readonly InnerScript[] {
  const valued =
    '-n --names -c --prefix-colors -p --prefix -s --success --restart-tries --restart-after -l --prefix-length -m --max-processes -t --timestamp-format --default-input-target --kill-signal --name-separator';
  return operands(words, valued).map((word) => {
    const short = /^(npm|yarn|pnpm|bun|node|deno):(?!\/)/.exec(word.value);
    if (short === null) return whole(word);
    return { word, from: short[0].length, to: word.value.length, prefix: `${short[1]} run ` };
  });
}

/** `tmux new -d -s x "cmd"`, `tmux send-keys -t x "cmd" C-m`, `screen -dmS x cmd args`. */
function terminal(words: readonly Word[]): readonly InnerScript[] | undefined {
  const found = operands(words, '-s -t -n -c -S -dmS -F -x -y -L -f').filter(
    ({ value }) => !/^(?:C-m|Enter|ENTER)$/.test(value),
  );
  if (baseName(words[0]?.value ?? '') === 'screen') return found.length === 0 ? undefined : joined(found);
  const [verb, ...rest] = found;
  if (!/^(?:new|new-session|neww|new-window|split-window|splitw|send-keys|send|respawn-pane)$/.test(verb?.value ?? ''))
    return undefined;
  return rest.map(whole);
}
