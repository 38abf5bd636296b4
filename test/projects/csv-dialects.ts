import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { day, person, range } from './people.ts';
import { writeFile } from './write-file.ts';

const RECORDS = 95;
const LINES = 488;
/** Line ends within cells, so that 95 records and a header fill 488 lines. */
const INNER = LINES - RECORDS - 1;

/** Quoted notes over several lines, records ended by CRLF and LF in turn, cells that a spreadsheet would run. */
function readings(): string {
  const lines = ['id;place;note;"read at"'];
  let left = INNER;
  for (const n of range(RECORDS)) {
    const breaks = Math.min(left, n < INNER % 4 ? 5 : Math.ceil(left / (RECORDS - n)));
    left -= breaks;
    const start = ['=1+1', '+49 40 123', '-5 degrees', '@home', 'plain'][n % 5] ?? '';
    const note = `${start}${range(breaks)
      .map((i) => `\nline ${i}; said ""${i}""`)
      .join('')}`;
    lines.push(`${n + 1};"Place ${n}";"${note}";${day(n)}`);
  }
  return `\uFEFF${lines.map((line, n) => line + (n % 3 === 0 ? '\r\n' : '\n')).join('')}`;
}

const staff = range(20).map((n) => ({ id: n + 1, name: `${person(n).name} (Büro ${n})`, email: person(n).email }));

export const project: FixtureProject = {
  traps: ['X2'],
  wrong: `exports/readings.csv has 95 records in 488 lines: cells of several lines, CRLF and LF mixed, a byte order mark,
    semicolons, doubled quotes, cells that start with = + - and @. exports/staff.csv is in Latin-1 with umlauts,
    exports/staff.tsv the same in UTF-16 with tabs; both say what the table staff of data/office.db says.
    exports/wide.csv is plain, with commas and quotes that only look like trouble.`,
  build(dir) {
    writeFile(dir, 'exports/readings.csv', readings());
    makeStore(
      dir,
      'data/office.db',
      'CREATE TABLE staff (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE)',
      insert('staff', staff),
    );
    const rows = (delimiter: string): string =>
      `${[['id', 'name', 'email'], ...staff.map(({ id, name, email }) => [id, name, email])].map((cells) => cells.join(delimiter)).join('\r\n')}\r\n`;
    writeFile(dir, 'exports/staff.csv', Buffer.from(rows(','), 'latin1'));
    writeFile(dir, 'exports/staff.tsv', Buffer.from(`\uFEFF${rows('\t')}`, 'utf16le'));
    writeFile(dir, 'exports/wide.csv', 'id,text,"a ""quoted"" name"\n1,"a, b",\'\n2,,"x"\n3,"",it\'s\n');
  },
};
