/** The visible list of what opens a store, by language. */
import type { LanguageId } from '../../code/facts.ts';
import type { Reading } from '../libraries/library.ts';
import type { Opening } from '../value.ts';
import { NODE_OPENERS } from './node.ts';
import type { Opener } from './opener.ts';
import { PHP_OPENERS } from './php.ts';
import { PYTHON_OPENERS } from './python.ts';

const OPENERS: Partial<Record<LanguageId, readonly Opener[]>> = {
  python: PYTHON_OPENERS,
  typescript: NODE_OPENERS,
  php: PHP_OPENERS,
};

const byName = new Map<string, Opener>();
const byMethod = new Map<string, Opener>();
for (const [language, openers] of Object.entries(OPENERS)) {
  for (const opener of openers ?? []) {
    for (const name of opener.names) {
      if (name.startsWith('*.')) byMethod.set(`${language} ${name.slice(2)}`, opener);
      else byName.set(`${language} ${name}`, opener);
    }
  }
}

/** `name`: what is called, qualified. */
export function openingsOfCall(language: LanguageId, name: string, reading: Reading): readonly Opening[] {
  const opener =
    byName.get(`${language} ${name}`) ?? byMethod.get(`${language} ${name.slice(name.lastIndexOf('.') + 1)}`);
  const opened = opener?.open(reading);
  if (opener === undefined || opened === undefined) return [];
  const { call, at } = reading;
  const rule = opener.rule ?? (opener.names.includes(name) ? name : (opener.names[0] as string));
  const where = { file: at.file, line: call.at[2], rule };
  const first: Opening = { ...opened, ...where, start: call.at[0] };
  const second = opener.also?.(reading);
  return second === undefined ? [first] : [first, { ...second, ...where, start: call.at[0] + 1 }];
}

/** Last parts of the names: only calls that end in one of them need to be understood. */
export const OPENING_WORDS: ReadonlySet<string> = new Set(
  [...byName.keys(), ...byMethod.keys()].map((key) => {
    const name = key.slice(key.indexOf(' ') + 1);
    return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1);
  }),
);
