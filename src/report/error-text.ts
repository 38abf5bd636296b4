/** An expected failure as a person reads it: what and where, the code at the right edge, what to do next. */
import type { DesprawlError } from '../errors.ts';
import { block, type Page, paint, withEdge, wrap } from './page.ts';

export function errorText(error: DesprawlError, page: Page): string {
  const lines = withEdge(wrap(error.message, page.width), error.code, page.width).map((line) =>
    line.endsWith(error.code) ? line.slice(0, -error.code.length) + paint(page, 'red', error.code) : line,
  );
  return `${[...lines, ...block('  ', error.hint, page.width)].join('\n')}\n`;
}
