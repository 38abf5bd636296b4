import { readFileSync } from 'node:fs';

/** Rows of a simple CSV file, without quoted cells, by column name. */
export function readCsv(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n').filter((line: string) => line !== '');
  const names = head.split(',');
  return lines.map((line: string) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name: string, i: number) => [name, cells[i] ?? '']));
  });
}
