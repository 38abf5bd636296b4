/** Values as YAML that a person would write: plain where plain says the same, lists in one line while they fit, blocks where not. */
import { stringify } from 'yaml';

const WIDTH = 110;

/** One line. */
export function scalar(value: string | number | boolean | null): string {
  if (value === null) return '';
  // In a flow list a comma would end the word, so that what is said in one place is quoted in both.
  return stringify(value, { lineWidth: 0, doubleQuotedAsJSON: true, blockQuote: false }).trimEnd();
}

/** Of a list or a map in one line. */
export function flowScalar(value: string): string {
  const plain = scalar(value);
  return /[,[\]{}]/.test(plain) && !/^["']/.test(plain) ? JSON.stringify(value) : plain;
}

export function flow(values: readonly string[]): string {
  return `[${values.map(flowScalar).join(', ')}]`;
}

export function flowMap(values: readonly (readonly [string, readonly string[]])[]): string {
  const one = (choices: readonly string[]): string =>
    choices.length === 1 ? flowScalar(choices[0] ?? '') : flow(choices);
  return `{ ${values.map(([key, choices]) => `${flowScalar(key)}: ${one(choices)}`).join(', ')} }`;
}

/** What stands behind `key:`, with the space or line break in front. `indent`: of the key. */
export function listValue(values: readonly string[], indent: number, block = false): string {
  const line = flow(values);
  if (!block && line.length + indent <= WIDTH) return ` ${line}`;
  return values.map((value) => `\n${' '.repeat(indent + 2)}- ${scalar(value)}`).join('');
}

/** A text of several lines, kept as it is. */
export function contentValue(text: string, indent: number): string {
  if (!text.includes('\n')) return ` ${scalar(text)}`;
  const body = stringify({ k: text }, { lineWidth: 0, indent: 2 }).trimEnd().slice('k: '.length);
  const [head = '', ...lines] = body.split('\n');
  return ` ${[head, ...lines.map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`))].join('\n')}`;
}
