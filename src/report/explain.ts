/** The texts of codes: what is found, why it matters, what to do, and what is left alone on purpose. */
import type { FindingDoc } from '../audit/model.ts';
import type { ErrorSpec } from '../errors.ts';
import { block, type Page, paint } from './page.ts';

export function explainFinding(doc: FindingDoc, page: Page): string {
  const part = (label: string, text: string): readonly string[] => [
    '',
    ...block(`  ${label.padEnd(14)}`, plain(text), page.width),
  ];
  return lines([
    ...block('', `${doc.code}: ${doc.title}`, page.width).map((line) => paint(page, 'bold', line)),
    ...part('reported when', doc.when),
    ...part('if left', doc.why),
    ...part('what to do', doc.fix),
    ...part('never for', doc.not),
    ...part('at most', doc.severity),
  ]);
}

export function explainError(error: ErrorSpec & { readonly code: string }, page: Page): string {
  return lines([
    ...block('', `${error.code}: ${plain(error.about)}`, page.width),
    '',
    ...block('  what to do    ', plain(error.hint), page.width),
    ...block('  exit code     ', String(error.exit), page.width),
  ]);
}

export function listCodes(
  docs: readonly FindingDoc[],
  errors: Readonly<Record<string, ErrorSpec>>,
  page: Page,
): string {
  const entries = [
    ...docs.map(({ code, title }) => [code, title] as const),
    ...Object.entries(errors).map(([code, { about }]) => [code, plain(about)] as const),
  ];
  const width = Math.max(...entries.map(([code]) => code.length));
  return lines([
    ...entries.flatMap(([code, text]) => block(`${code.padEnd(width)}  `, text, page.width)),
    '',
    'next   desprawl explain CODE',
  ]);
}

/** The texts are written in Markdown for the reference; a terminal shows them without its marks. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
