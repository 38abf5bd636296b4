import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { type Ask, openAsk } from './ask.ts';
import type { Context } from './context.ts';

function terminal(
  typed: string,
  more: Partial<Context> = {},
): { readonly ask: Ask; readonly said: () => string; readonly input: PassThrough } {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  let said = '';
  const err = {
    isTerminal: true,
    width: 80,
    colour: false,
    write: async (text: string | Uint8Array) => {
      said += String(text);
    },
  };
  const context = { input, err, signal: new AbortController().signal, ...more } as unknown as Context;
  const ask = openAsk(context, {});
  if (ask === null) throw new Error('there is a terminal');
  if (typed !== '') input.write(typed);
  return { ask, said: () => said, input };
}
const CHOICES = [
  { value: 'note', does: 'a note is written' },
  { value: 'leave', does: 'nothing changes' },
  { value: 'leaf', does: 'something else' },
];

it('takes a number, a name, the beginning of one, and nothing for the proposal', async () => {
  const { ask, said } = terminal('2\nleaf\nn\n\n');
  const asked = (): Promise<string> => ask.choose('How?', CHOICES, 'note');
  expect([await asked(), await asked(), await asked(), await asked()]).toEqual(['leave', 'leaf', 'note', 'note']);
  expect(said()).toContain('  1  note   a note is written (proposed)\n');
  ask.close();
});

it('asks again where nothing or more than one could be meant', async () => {
  const { ask, said } = terminal('lea\n7\n\nleave\n');
  expect(await ask.choose('How?', CHOICES)).toBe('leave');
  expect(said().match(/One of 1 \(note\)/g)).toHaveLength(3);
  ask.close();
});

it('confirms, and compares the typed word exactly', async () => {
  const { ask } = terminal('y\n\nno\nkiosk\nKiosk\n\n');
  expect([await ask.confirm('Go?', false), await ask.confirm('Go?', true), await ask.confirm('Go?', true)]).toEqual([
    true,
    true,
    false,
  ]);
  expect([
    await ask.typed('Sure?', 'kiosk'),
    await ask.typed('Sure?', 'kiosk'),
    await ask.typed('Sure?', 'kiosk'),
  ]).toEqual([true, false, false]);
  ask.close();
});

it('an end of the input or Ctrl-C is no answer', async () => {
  const { ask, input } = terminal('');
  const asked = ask.confirm('Go?', true);
  input.end();
  await expect(asked).rejects.toMatchObject({ code: 'DSP-CANCELLED' });
  const abort = new AbortController();
  const other = terminal('', { signal: abort.signal });
  const waiting = other.ask.choose('How?', CHOICES, 'note');
  abort.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'DSP-CANCELLED' });
});

it('asks nobody where there is no terminal', () => {
  const err = { isTerminal: false } as Context['err'];
  expect(openAsk({ err } as Context, {})).toBeNull();
  expect(openAsk({ err: { isTerminal: true }, input: new PassThrough() } as unknown as Context, {})).toBeNull();
});
