/** Paths that commands and settings give: the value stands on the line of its site, once, and nothing in front of it or behind it belongs to it. */
import type { Literal } from '../../bindings/symbol.ts';
import type { Opening } from '../../bindings/value.ts';
import type { Mark } from '../origins.ts';
import type { OpenCode } from './open-code.ts';

/** Languages whose texts the evaluator does not read. */
const READ_BY_LINE = new Set([
  'prisma',
  'ini',
  'toml',
  'shell',
  'makefile',
  'yaml',
  'json',
  'dockerfile',
  'systemd',
  'crontab',
  'procfile',
  'markdown',
]);

export function writtenOnLine(open: OpenCode, { file, start }: Opening, value: string): readonly Mark[] | undefined {
  const facts = open.facts.code.files.get(file);
  const text = open.source(file)?.text;
  if (facts === undefined || text === undefined || !READ_BY_LINE.has(facts.language)) return undefined;
  const from = text.lastIndexOf('\n', Math.max(0, start - 1)) + 1;
  let to = text.indexOf('\n', start);
  if (to < 0) to = text.length;
  const places: number[] = [];
  for (let at = text.indexOf(value, from); at >= 0 && at + value.length <= to; at = text.indexOf(value, at + 1)) {
    const isWhole = !/[\w./-]/.test(text.charAt(at - 1)) && !/[\w./-]/.test(text.charAt(at + value.length));
    if (isWhole) places.push(at);
  }
  const [at] = places;
  if (at === undefined || places.length > 1) return undefined;
  const literal: Literal = { file, start: at, end: at + value.length, value };
  return Array.from({ length: value.length }, (_, index) => ({ literal, index }));
}
