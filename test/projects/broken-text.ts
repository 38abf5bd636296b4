import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

/** Discord-like ids: neighbours that are one and the same double. */
const BIG = 1_234_567_890_123_456_769n;

export const project: FixtureProject = {
  traps: ['R16'],
  wrong: `data/a.db and data/b.db differ where careless reading sees no difference: text after a NUL character (row 2 of texts), invalid
    UTF-8 that both become U+FFFD (row 3), and ids beyond 2^53 that are the same double (row 2 of ids). A real U+FFFD stands
    beside them (row 4), equal in both. exports/ids.json holds the rows of ids of data/a.db: JSON.parse would round its
    numbers to others.`,
  build(dir) {
    const texts = 'CREATE TABLE texts (id INTEGER PRIMARY KEY, body TEXT, tag TEXT)';
    const tags = insert(
      'texts',
      range(8).map((n) => ({ id: n + 1, body: `Body ${n}`, tag: `tag-${n}` })),
    );
    const odd = (nul: string, byte: string): string =>
      `UPDATE texts SET body = 'before' || char(0) || '${nul}' WHERE id = 2;
       UPDATE texts SET body = CAST(x'66${byte}66' AS TEXT) WHERE id = 3;
       UPDATE texts SET body = 'real \uFFFD' WHERE id = 4;`;
    const ids = 'CREATE TABLE ids (snowflake INTEGER PRIMARY KEY, channel INTEGER NOT NULL, label TEXT)';
    const rows = range(10).map((n) => ({
      snowflake: BIG + BigInt(n) * 1000n,
      channel: BIG + BigInt(n),
      label: `Label ${n}`,
    }));
    makeStore(dir, 'data/a.db', texts, tags, odd('after', 'ff'), ids, insert('ids', rows));
    makeStore(
      dir,
      'data/b.db',
      texts,
      tags,
      odd('later', 'fe'),
      ids,
      insert('ids', rows),
      `UPDATE ids SET channel = channel + 1 WHERE snowflake = ${BIG + 1000n}`,
    );
    const record = ({ snowflake, channel, label }: (typeof rows)[number]): string =>
      `  {"snowflake": ${snowflake}, "channel": ${channel}, "label": ${JSON.stringify(label)}}`;
    writeFile(dir, 'exports/ids.json', `[\n${rows.map(record).join(',\n')}\n]\n`);
  },
};
