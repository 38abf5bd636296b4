/** Questions in a terminal. They are printed on standard error, so that standard output stays the command's own. Without a terminal nobody is asked. */
import { createInterface } from 'node:readline';
import { DesprawlError } from '../errors.ts';
import { block } from '../report/page.ts';
import { type CommonOptions, type Context, page } from './context.ts';

export interface Choice {
  readonly value: string;
  readonly does: string;
}

export interface Ask {
  /** The value that was chosen: by its number, its name or the beginning of it; an empty answer takes `initial`, if there is one. */
  choose(question: string, choices: readonly Choice[], initial?: string | null): Promise<string>;
  confirm(question: string, initial: boolean): Promise<boolean>;
  /** Did they type this very word? */
  typed(question: string, word: string): Promise<boolean>;
  close(): void;
}

const LONG = 20;

/** `null` where there is no terminal on either side. */
export function openAsk(context: Context, options: CommonOptions): Ask | null {
  const { input, err, signal } = context;
  if (input?.isTTY !== true || !err.isTerminal) return null;
  const { width } = page(err, options);
  const lines = createInterface({ input, terminal: false });
  const waiting: ((line: string | null) => void)[] = [];
  const typedAhead: (string | null)[] = [];
  const give = (line: string | null): void => {
    const next = waiting.shift();
    if (next === undefined) typedAhead.push(line);
    else next(line);
  };
  const cancel = (): void => give(null);
  lines.on('line', give);
  lines.on('close', cancel);
  signal.addEventListener('abort', cancel);
  const line = async (prompt: string): Promise<string> => {
    await err.write(prompt);
    const found =
      typedAhead.length > 0 ? typedAhead.shift() : await new Promise<string | null>((resolve) => waiting.push(resolve));
    if (found === null || found === undefined || signal.aborted)
      throw new DesprawlError('DSP-CANCELLED', 'Nothing was answered.');
    return found.trim();
  };
  const say = (head: string, text: string): Promise<void> => err.write(`${block(head, text, width).join('\n')}\n`);
  return {
    choose: async (question, choices, initial = null) => {
      await say('', question);
      // Beside long names there is no room.
      const wide = Math.max(...choices.map(({ value }) => value.length));
      for (const [i, { value, does }] of choices.entries()) {
        const head = `  ${i + 1}  `;
        const text = `${does}${value === initial ? ' (proposed)' : ''}`;
        if (wide <= LONG) {
          await say(`${head}${value.padEnd(wide)}  `, text);
        } else {
          await say(head, value);
          await say(' '.repeat(head.length + 2), text);
        }
      }
      for (;;) {
        const answer = await line(initial === null ? 'answer: ' : `answer [${initial}]: `);
        const found =
          answer === ''
            ? initial
            : chosen(
                answer,
                choices.map(({ value }) => value),
              );
        if (found !== null) return found;
        await say('  ', `One of ${choices.map(({ value }, i) => `${i + 1} (${value})`).join(', ')}.`);
      }
    },
    confirm: async (question, initial) => {
      for (;;) {
        const answer = (await line(`${question} [${initial ? 'Y/n' : 'y/N'}] `)).toLowerCase();
        if (answer === '') return initial;
        if ('yes'.startsWith(answer)) return true;
        if ('no'.startsWith(answer)) return false;
      }
    },
    typed: async (question, word) => (await line(`${question} Type ${word}: `)) === word,
    close: () => {
      signal.removeEventListener('abort', cancel);
      lines.removeListener('close', cancel);
      lines.close();
    },
  };
}

/** `null`: nothing, or more than one, could be meant. */
function chosen(answer: string, values: readonly string[]): string | null {
  if (values.includes(answer)) return answer;
  const byNumber = /^\d+$/.test(answer) ? values[Number(answer) - 1] : undefined;
  if (byNumber !== undefined) return byNumber;
  const beginning = values.filter((value) => value.startsWith(answer));
  return beginning.length === 1 ? (beginning[0] ?? null) : null;
}
