/** What the machine offers, as text. */
import type { Check, Doctor } from '../doctor/doctor.ts';
import { block, type Page, paint } from './page.ts';

const MARKS: Readonly<Record<Check['state'], string>> = { ok: 'ok     ', warn: 'warn   ', missing: 'missing' };
const STYLES = { ok: 'green', warn: 'yellow', missing: 'red' } as const;

export function doctorToTerminal({ checks }: Doctor, page: Page): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, found, consequence }) => {
    const head = `${MARKS[state]}  ${name.padEnd(width)}  `;
    const [first = '', ...rest] = block(head, found, page.width);
    return [
      paint(page, STYLES[state], MARKS[state]) + first.slice(MARKS[state].length),
      ...rest,
      ...(consequence === undefined ? [] : block(' '.repeat(head.length), consequence, page.width)),
    ];
  });
  return `${[...lines, '', 'next   desprawl audit'].join('\n')}\n`;
}
