import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LanguageId } from '../facts.ts';
import { findSimilar } from './find-similar.ts';
import { fingerprint } from './fingerprint.ts';
import type { SimilarFile, SimilarOptions } from './model.ts';
import { scanTokens } from './scan-tokens.ts';
import { tokenStyle } from './token-style.ts';
import { type ChangedFile, updateSimilar } from './update-similar.ts';

const INVOICES = `
import sqlite3
from datetime import datetime

DB_PATH = "data/invoices.db"

def connect():
    conn = sqlite3.connect(DB_PATH, timeout=30)
    conn.row_factory = sqlite3.Row
    conn.execute("PRAGMA foreign_keys = ON")
    return conn

def find_open(customer):
    with connect() as conn:
        rows = conn.execute(
            "SELECT id, total, due FROM invoices WHERE customer = ? AND paid IS NULL ORDER BY due",
            (customer,),
        ).fetchall()
    return [dict(row) for row in rows]

def mark_paid(invoice, amount):
    if amount <= 0:
        raise ValueError("amount must be positive")
    with connect() as conn:
        conn.execute("UPDATE invoices SET paid = ?, amount = ? WHERE id = ?", (datetime.now(), amount, invoice))
        conn.execute("INSERT INTO payments (invoice, amount) VALUES (?, ?)", (invoice, amount))

def overdue(days=30):
    limit = datetime.now().timestamp() - days * 86400
    with connect() as conn:
        for row in conn.execute("SELECT * FROM invoices WHERE due < ?", (limit,)):
            yield row["id"], row["customer"], row["total"]

def summary():
    totals = {}
    for invoice, customer, total in overdue():
        totals.setdefault(customer, []).append(total)
    return {customer: sum(values) / len(values) for customer, values in totals.items()}
`;

const ADDED = `
def cancel(invoice, reason):
    with connect() as conn:
        conn.execute("UPDATE invoices SET cancelled = ? WHERE id = ?", (reason, invoice))
        return conn.total_changes == 1
`;

function functionsOf(source: string): readonly string[] {
  return source.split(/\n(?=def )/);
}

function similarity(a: string, b: string, language: LanguageId = 'python'): number {
  const files = [
    { path: 'a', hashes: fingerprint(a, language) },
    { path: 'b', hashes: fingerprint(b, language) },
  ];
  return findSimilar(files, { minSimilarity: 0, minWindows: 1 })[0]?.similarity ?? 0;
}

describe('what people do to a copy', () => {
  it('comments, empty lines, indentation and documentation change nothing', () => {
    const commented = INVOICES.replaceAll('\n    with', '\n\n    # open it "again"\n    with').replace(
      'def summary():\n',
      'def summary():\n    """Mean per customer.\n\n    It\'s slow: don\'t."""\n',
    );
    expect(similarity(INVOICES, commented)).toBe(1);
    expect(similarity(INVOICES, INVOICES.replaceAll('    ', '\t').replaceAll('\n', '\r\n'))).toBe(1);
    expect(similarity(INVOICES, INVOICES.replaceAll('\n', '\r'))).toBe(1);
  });

  it('nor do quotes and trailing commas, as formatters change them', () => {
    expect(similarity(INVOICES, INVOICES.replaceAll('"', "'").replace('(customer,),\n', '(customer,)\n'))).toBe(1);
  });

  it('C6: functions added to one of them leave the other contained', () => {
    const files = [INVOICES, INVOICES + ADDED].map((text, i) => ({
      path: `${i}`,
      hashes: fingerprint(text, 'python'),
    }));
    const [pair] = findSimilar(files);
    expect(pair?.ofA).toBeGreaterThan(0.97);
    expect(pair?.ofB).toBeLessThan(0.93);
    expect(pair?.similarity).toBeGreaterThan(0.75);
  });

  it('reordered functions', () => {
    const [head = '', ...functions] = functionsOf(INVOICES);
    expect(similarity(INVOICES, [head, ...functions.reverse()].join('\n'))).toBeGreaterThan(0.6);
  });

  it('renamed names', () => {
    const renamed = INVOICES.replaceAll('customer', 'client').replaceAll('DB_PATH', 'DATABASE');
    expect(similarity(INVOICES, renamed)).toBeGreaterThan(0.4);
    expect(similarity(INVOICES, INVOICES.replaceAll('connect()', 'open_db()'))).toBeGreaterThan(0.6);
  });
});

const crud = (name: string, table: string, fields: readonly string[]): string => `
import { Router } from 'express';
import { z } from 'zod';
import { db } from '../db';

const ${name}Schema = z.object({ ${fields.map((field) => `${field}: z.string()`).join(', ')} });
export const ${name}Router = Router();

${name}Router.get('/', async (req, res) => {
  const rows = await db.query('SELECT ${fields.join(', ')} FROM ${table}');
  res.json(rows);
});
${name}Router.post('/', async (req, res) => {
  const ${name} = ${name}Schema.parse(req.body);
  ${fields.map((field) => `if (!${name}.${field}) return res.status(400).json({ error: '${field} is missing' });`).join('\n  ')}
  const created = await db.insert('${table}', ${name});
  res.status(201).json(created);
});
${name}Router.delete('/:id', async (req, res) => {
  await db.remove('${table}', req.params.id);
  res.status(204).end();
});
`;

describe('near misses', () => {
  const orders = crud('order', 'orders', ['number', 'customer', 'shippedAt']);
  const people = crud('person', 'people', ['email', 'name', 'phone', 'street']);

  it('two modules of one framework about different things', () => {
    expect(similarity(orders, people, 'typescript')).toBeLessThan(0.35);
    const files = [orders, people].map((text, i) => ({ path: `${i}.ts`, hashes: fingerprint(text, 'typescript') }));
    expect(findSimilar(files)).toEqual([]);
  });

  it('C5: the same file name in two folders says nothing', () => {
    const files = [
      { path: 'api/models/connection.py', hashes: fingerprint(INVOICES, 'python') },
      { path: 'worker/models/connection.py', hashes: fingerprint(people, 'python') },
    ];
    expect(similarity(INVOICES, people)).toBeLessThan(0.07);
    expect(findSimilar(files)).toEqual([]);
  });

  it('files too small to tell', () => {
    const barrel = fingerprint("export * from './a';\nexport * from './b';\n", 'typescript');
    expect(findSimilar([1, 2, 3].map((i) => ({ path: `${i}/index.ts`, hashes: barrel })))).toEqual([]);
  });
});

describe('what is no code', () => {
  const tokens = (text: string, language: LanguageId): readonly number[] => [...scanTokens(text, tokenStyle(language))];
  const body = 'alpha = beta ( gamma ) + delta / epsilon [ zeta ] . eta ( theta ) ';

  it.each<[LanguageId, string, string]>([
    ['typescript', `${body}// it's\n${body}`, `${body}/* "a" */ ${body}`],
    ['typescript', `${body} x = /[/"']/g ${body}`, `${body} // "\n x = /[/"']/g ${body}`],
    ['typescript', `${body} x = a / b // it's / "\n ${body}`, `${body} x = a / b ${body}`],
    [
      'typescript',
      `${body} \`a \${b + \`c // \${d}\`} // e\` ${body}`,
      `${body} \`a \${b + /* x */ \`c // \${d}\`} // e\` ${body}`,
    ],
    ['typescript', `return <p>don't</p> ${body} // x`, `return <p>don't</p> ${body}`],
    [
      'sql',
      `SELECT it FROM a WHERE b = 'it''s -- no' ${body} -- it's`,
      `select IT from A where B = 'it''s -- no' ${body}`,
    ],
    ['shell', `echo $# a#b ${body} # it's\n${body}`, `echo $# a#b ${body}\n${body} # "`],
    [
      'php',
      `<p>It's # ok</p><!-- ' --><?php ${body} # it's\n ${body} // ' ?> don't`,
      `<p>It's # ok</p><?php ${body} ${body} ?> don't`,
    ],
    ['python', `x = f(\n  "kept"\n)\n${body}\nif a:\n  'gone'\n`, `x = f("kept")\n${body}\nif a:\n  # it's\n`],
    ['yaml', `a: b#c # it's\n${body}`, `a: b#c\n${body}`],
  ])('%s: %s', (language, a, b) => {
    expect(tokens(a, language)).toEqual(tokens(b, language));
    expect(tokens(a, language).length).toBeGreaterThan(0);
  });

  it.each<[LanguageId, string, string]>([
    ['python', `x = "a" + ${body}`, `x = "b" + ${body}`],
    ['python', `x = f(\n"""a ${body}"""\n)`, `x = f(\n"""b ${body}"""\n)`],
    ['python', `x = y // z ${body}`, `x = y ${body}`],
    ['typescript', `x = "a" + ${body}`, `x = a + ${body}`],
    ['typescript', `x = 'http://a' + ${body}`, `x = 'http://b' + ${body}`],
    ['typescript', `x = \`// \${a}\` + ${body}`, `x = \`// \${b}\` + ${body}`],
    ['php', `<?php #[A] function f() {} ${body}`, `<?php #[B] function f() {} ${body}`],
    ['shell', `echo $# ${body}`, `echo ${body}`],
  ])('but %s: %s', (language, a, b) => {
    expect(tokens(a, language)).not.toEqual(tokens(b, language));
  });

  it('an element’s end is no regular expression', () => {
    expect(tokens(`return <a></a> /* c */ ${body}`, 'typescript')).toEqual(
      tokens(`return <a></a> ${body}`, 'typescript'),
    );
  });

  it('anything is read, in a time that grows with its length', () => {
    const parts = [
      "'",
      '"',
      '"""',
      '`',
      '${',
      '}',
      '/*',
      '//',
      '#',
      '<?php',
      '?>',
      '<!--',
      '\\',
      '\n',
      '/',
      '--',
      'a',
      '\ud800',
    ];
    const languages: readonly LanguageId[] = ['python', 'typescript', 'php', 'sql', 'shell', 'markdown'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 80 }),
        fc.constantFrom(...languages),
        (list, language) => {
          fingerprint(list.join(''), language);
        },
      ),
    );
    for (const part of parts) {
      for (const language of languages) fingerprint(part.repeat(100_000), language);
    }
  });
});

describe('fingerprint', () => {
  const words = (from: number, count: number): string =>
    Array.from({ length: count }, (_, i) => `w${from + i}`).join(' ');

  it('an equal passage of 15 tokens is never overlooked, and few windows are kept', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e6 }), fc.nat({ max: 40 }), fc.nat({ max: 40 }), (seed, before, after) => {
        const passage = words(seed, 15);
        const a = fingerprint(`${words(2e6 + seed, before)} ${passage} ${words(4e6 + seed, after)}`, 'python');
        const b = fingerprint(`${words(6e6 + seed, after)} ${passage} ${words(8e6 + seed, before)}`, 'python');
        expect(a.some((hash) => b.includes(hash))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
    // 2 of 9, as the paper says.
    expect(fingerprint(words(0, 90_000), 'python').length / 90_000).toBeCloseTo(2 / 9, 2);
  });

  it('files of which only some windows differ are not equal', () => {
    const hashes = Uint32Array.from({ length: 100 }, (_, i) => i * 977 + 1);
    const other = hashes.with(1, 5);
    const files = [
      { path: 'a', hashes },
      { path: 'b', hashes: other },
    ];
    expect(findSimilar(files)).toMatchObject([{ shared: 99, ofA: 0.99, ofB: 0.99 }]);
    expect(findSimilar(files)[0]?.equal).toBeUndefined();
  });
});

/** Projects in which near-copies, equal copies and boilerplate are likely. */
const WORDS = ['load', 'save', 'user', 'order', 'row', 'path', 'open', 'close', 'total', 'name', 'begin', 'end'];
const line = fc
  .tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS), fc.nat({ max: 40 }))
  .map(([f, x, n]) => `${f} = ${x}(${n}, "${x}")`);
const block = fc.array(line, { minLength: 6, maxLength: 12 }).map((lines) => lines.join('\n'));
const project = fc
  .tuple(
    fc.array(block, { minLength: 3, maxLength: 6 }),
    fc.array(fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 9 }),
  )
  .map(([blocks, files]) =>
    files.map((picks, i) => file(`f${i}.py`, picks.map((pick) => blocks[pick % blocks.length] as string).join('\n'))),
  );
const OPTIONS: SimilarOptions = { minSimilarity: 0.3, minContained: 0.7, minWindows: 3, maxFiles: 3 };

function file(path: string, text: string): SimilarFile {
  return { path, hashes: fingerprint(text, 'python'), content: text };
}

describe('findSimilar', () => {
  it('says the same in whatever order files are given', () => {
    fc.assert(
      fc.property(project, fc.nat(), (files, seed) => {
        const shuffled = [...files].sort(
          (x, y) => ((x.path.charCodeAt(1) * seed) % 7) - ((y.path.charCodeAt(1) * seed) % 7),
        );
        expect(findSimilar(shuffled, OPTIONS)).toEqual(findSimilar(files, OPTIONS));
      }),
    );
  });

  it('says what comparing every two sets of windows says', () => {
    fc.assert(
      fc.property(project, (files) => {
        const sets = files.map(({ hashes }) => new Set(hashes));
        const firstOf = (i: number): number =>
          files.findIndex(({ hashes }) => hashes.join() === files[i]?.hashes.join());
        const inFiles = (hash: number): number => sets.filter((set, i) => set.has(hash) && firstOf(i) === i).length;
        const counted = sets.map((set) => new Set([...set].filter((hash) => inFiles(hash) <= 3)));
        const expected = new Map<string, number>();
        for (let i = 0; i < files.length; i++) {
          for (let k = i + 1; k < files.length; k++) {
            if (firstOf(i) !== i || firstOf(k) !== k) continue;
            const [a, b] = [counted[i] as Set<number>, counted[k] as Set<number>];
            const shared = [...a].filter((hash) => b.has(hash)).length;
            const similarity = shared / (a.size + b.size - shared);
            if (Math.min(a.size, b.size) >= 3 && similarity >= 0.3) expected.set(`f${i}.py f${k}.py`, similarity);
          }
        }
        const found = findSimilar(files, { ...OPTIONS, minContained: 2 }).filter(({ equal }) => equal === undefined);
        expect(new Map(found.map(({ a, b, similarity }) => [`${a} ${b}`, similarity]))).toEqual(expected);
      }),
    );
  });

  it('gives each of several equal files once, with the first', () => {
    const files = ['c.py', 'a.py', 'b.py', 'd.py'].map((path) => file(path, INVOICES));
    const pairs = findSimilar([...files, { ...file('e.py', `${INVOICES}# x\n`) }, file('z.py', INVOICES + ADDED)]);
    expect(pairs.map(({ a, b, equal }) => [a, b, equal])).toEqual([
      ['a.py', 'b.py', 'bytes'],
      ['a.py', 'c.py', 'bytes'],
      ['a.py', 'd.py', 'bytes'],
      ['a.py', 'e.py', 'tokens'],
      ['a.py', 'z.py', undefined],
    ]);
    expect(pairs[0]).toMatchObject({ similarity: 1, ofA: 1, ofB: 1 });
  });

  it('what a framework makes everybody write does not count', () => {
    const head = functionsOf(INVOICES).slice(0, 3).join('\n');
    const own = (i: number): string =>
      Array.from({ length: 12 }, (_, k) => `v${i}_${k} = w${i}(x${k * i}, y${i})`).join('\n');
    const files = Array.from({ length: 8 }, (_, i) => file(`${i}.py`, `${head}\n${own(i)}`));
    expect(findSimilar(files, { minSimilarity: 0.3 })).not.toEqual([]);
    expect(findSimilar(files, { minSimilarity: 0.3, maxFiles: 6 })).toEqual([]);
  });
});

describe('updateSimilar', () => {
  it('says what a new comparison says, also where files come, go, become equal, or windows begin to count', () => {
    fc.assert(
      fc.property(project, project, fc.nat({ max: 8 }), fc.boolean(), (files, others, at, several) => {
        const changedPaths = several ? [`f${at}.py`, `f${(at + 1) % 9}.py`] : [`f${at}.py`];
        const now = [
          ...files.filter(({ path }) => !changedPaths.includes(path)),
          ...others.filter(({ path }) => changedPaths.includes(path)),
        ];
        const changed = changedPaths.map((path): ChangedFile => {
          const before = files.find((one) => one.path === path);
          return before === undefined ? { path } : { path, before };
        });
        const before = findSimilar(files, OPTIONS);
        expect(updateSimilar(before, changed, now, OPTIONS)).toEqual(findSimilar(now, OPTIONS));
      }),
      { numRuns: 500 },
    );
  });
});
