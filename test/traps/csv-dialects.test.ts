import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditView, type OpenedProject, openProject } from '../open-project.ts';
import { project } from '../projects/csv-dialects.ts';

let opened: OpenedProject;
let seen: AuditView;

beforeAll(async () => {
  opened = await openProject(project);
  seen = await opened.audit();
});
afterAll(() => opened?.close());

const of = (path: string) => seen.store(path);

it('X2: 95 records in 488 lines, with every nuisance counted', () => {
  expect(of('exports/readings.csv')).toMatchObject({
    kind: 'csv',
    status: 'verified',
    csv: {
      delimiter: ';',
      quote: '"',
      encoding: 'utf-8',
      bom: true,
      eol: 'mixed',
      header: true,
      lines: 488,
      ragged: 0,
      formulaCells: 76,
    },
  });
  expect(of('exports/readings.csv').tables).toMatchObject([{ rows: 95 }]);
  expect(of('exports/readings.csv').tables[0]?.columns.map(({ name }) => name)).toEqual([
    'id',
    'place',
    'note',
    'read at',
  ]);
});

it('X2: Latin-1 and UTF-16 are read as what they are', () => {
  expect(of('exports/staff.csv').csv).toMatchObject({
    delimiter: ',',
    encoding: 'windows-1252',
    bom: false,
    eol: 'crlf',
  });
  expect(of('exports/staff.tsv').csv).toMatchObject({ delimiter: '\t', encoding: 'utf-16le', bom: true, eol: 'crlf' });
});

it.each(['exports/staff.csv', 'exports/staff.tsv'])('X2: the umlauts of %s are those of the table', async (path) => {
  const diff = await opened.diff(path, 'data/office.db');
  expect(diff.tables).toMatchObject([
    { b: 'staff', relation: 'identical', same: 20, conflicting: 0, onlyA: 0, onlyB: 0 },
  ]);
});

it('X2: plain quotes and commas are nothing special', () => {
  expect(of('exports/wide.csv').tables).toMatchObject([{ rows: 3 }]);
  expect(of('exports/wide.csv').tables[0]?.columns.map(({ name }) => name)).toEqual(['id', 'text', 'a "quoted" name']);
  expect(of('exports/wide.csv').csv).toMatchObject({ delimiter: ',', eol: 'lf', ragged: 0, lines: 4, formulaCells: 0 });
});
