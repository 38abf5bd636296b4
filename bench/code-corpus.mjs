/**
 * A project of many source files, half Python, half TypeScript, made of a seed: modules that import each other, a share that
 * opens stores, reads variables or runs SQL, some near-copies, the rest ordinary code. The same files each time.
 */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const WORDS =
  'order account invoice ledger payment customer report session token message device reading schedule policy region batch worker queue event profile address discount stock supplier shipment ticket comment author channel metric alert budget contract'.split(
    ' ',
  );

/** Mulberry32. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Writes `count` files below `dir`; answers how many bytes. */
export function makeCorpus(dir, count) {
  const half = count >> 1;
  let bytes = 0;
  const put = (path, text) => {
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    utimesSync(full, 1.7e9, 1.7e9);
    bytes += text.length;
  };
  for (let i = 0; i < half; i++) put(pythonPath(i), pythonFile(i, half));
  for (let i = 0; i < half; i++) put(typescriptPath(i), typescriptFile(i, half));
  for (let p = 0; p < half / 50; p++) put(`py/pkg${p}/__init__.py`, '');
  put(
    'py/settings.py',
    'import os\nfrom pathlib import Path\nROOT = Path(__file__).resolve().parent\nDATA = ROOT / "data"\nDB = os.getenv("APP_DB", str(DATA / "app.db"))\n',
  );
  put('web/package.json', '{ "name": "web", "type": "module", "scripts": { "start": "node src/mod0/m0.ts" } }\n');
  put(
    'web/tsconfig.json',
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] }, "module": "nodenext" } }\n',
  );
  return bytes;
}

const pythonPath = (i) => `py/pkg${Math.floor(i / 50)}/m${i}.py`;
const typescriptPath = (i) => `web/src/mod${Math.floor(i / 50)}/m${i}.ts`;

export const touched = typescriptPath(7);

function pythonFile(i, half) {
  // One in forty repeats an earlier file with small changes.
  const seed = i % 40 === 39 ? i - 20 : i;
  const random = randomOf(seed + 1);
  const pick = () => WORDS[Math.floor(random() * WORDS.length)];
  const stores = random() < 0.2;
  const lines = [
    `"""Handles every ${pick()} of a ${pick()}."""`,
    'from __future__ import annotations',
    '',
    'import logging',
    'from dataclasses import dataclass, field',
    'from typing import Any, Iterable, Optional',
    '',
  ];
  if (stores) lines.push('import os', 'import sqlite3', 'from pathlib import Path', '');
  for (let k = 0; k < 5; k++) {
    const j = Math.floor(random() * half);
    if (j !== i)
      lines.push(
        k % 2
          ? `from ..pkg${Math.floor(j / 50)}.m${j} import ${cap(WORDS[j % WORDS.length])}Service`
          : `from py.pkg${Math.floor(j / 50)} import m${j}`,
      );
  }
  if (stores)
    lines.push(
      'from py import settings',
      '',
      `TABLE = "${pick()}s"`,
      `DB_PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", os.getenv("DB_${i % 9}", "app${i % 7}.db"))`,
    );
  lines.push(
    '',
    `logger = logging.getLogger(__name__)`,
    `DEFAULTS = {${Array.from({ length: 8 }, () => `"${pick()}_${pick()}": ${Math.floor(random() * 999)}`).join(', ')}}`,
    '',
    '',
  );
  const name = cap(WORDS[i % WORDS.length]);
  lines.push(
    '@dataclass',
    `class ${name}:`,
    `    """One ${pick()} as the ${pick()} sees it."""`,
    '    id: int',
    '    name: str = ""',
    '    tags: list[str] = field(default_factory=list)',
    '    meta: dict[str, Any] = field(default_factory=dict)',
    '',
    '',
  );
  lines.push(
    `class ${name}Service:`,
    `    def __init__(self, limit: int = ${Math.floor(random() * 90)}):`,
    '        self.limit = limit',
    '        self._cache: dict[int, Any] = {}',
    '',
  );
  if (stores) {
    lines.push(
      '    def connect(self, path: str = DB_PATH) -> sqlite3.Connection:',
      '        conn = sqlite3.connect(path)',
      '        conn.row_factory = sqlite3.Row',
      '        return conn',
      '',
    );
    lines.push(
      '    def load(self, key: int) -> Optional[dict]:',
      '        with self.connect() as conn:',
      `            row = conn.execute(f"SELECT id, name, meta FROM ${pick()}s WHERE id = ?", (key,)).fetchone()`,
      '        return dict(row) if row else None',
      '',
    );
    lines.push(
      '    def save(self, items: Iterable[dict]) -> int:',
      '        with self.connect() as conn:',
      `            conn.executemany("INSERT INTO ${pick()}s(id, name) VALUES (:id, :name)", items)`,
      '            conn.commit()',
      '        return conn.total_changes',
      '',
    );
  }
  const methods = 2 + Math.floor(random() * 5);
  for (let m = 0; m < methods; m++) {
    const [a, b, c] = [pick(), pick(), pick()];
    lines.push(
      `    def ${a}_${b}_${m}(self, ${c}: ${name}, *, strict: bool = False) -> list[${name}]:`,
      `        """Returns the ${b} of ${c} in the order of ${pick()}.`,
      '',
      `        Raises ValueError where ${pick()} is not known (see ${pick()}).`,
      '        """',
      `        result: list[${name}] = []`,
      `        for index, tag in enumerate(${c}.tags or []):`,
      `            # ${pick()} before ${pick()}: the ${pick()} depends on it`,
      `            if strict and tag not in self._cache and len(tag) > ${Math.floor(random() * 30)}:`,
      `                raise ValueError(f"unknown ${a}: {tag!r} at {index}")`,
      `            value = self._cache.get(hash(tag), DEFAULTS.get("${pick()}", ${Math.floor(random() * 99)}))`,
      `            result.append(${name}(id=index * ${1 + Math.floor(random() * 9)}, name=f"{tag}-{value}", meta={"${pick()}": value, "at": index}))`,
      `        logger.debug("%s %s", len(result), ${c}.name)`,
      `        return sorted(result, key=lambda one: (one.name, -one.id))[: self.limit]`,
      '',
    );
  }
  lines.push(
    '',
    `def build_${pick()}(rows: Iterable[tuple[int, str]]) -> ${name}Service:`,
    `    service = ${name}Service(limit=${Math.floor(random() * 50)})`,
    '    for key, value in rows:',
    '        service._cache[key] = value.strip().lower()',
    '    return service',
    '',
  );
  return lines.join('\n');
}

export function typescriptFile(i, half) {
  const seed = i % 40 === 39 ? i - 20 : i;
  const random = randomOf(seed + 100_001);
  const pick = () => WORDS[Math.floor(random() * WORDS.length)];
  const stores = random() < 0.2;
  const lines = [`/** Handles every ${pick()} of a ${pick()}. */`];
  if (stores) lines.push(`import Database from 'better-sqlite3';`, `import { join } from 'node:path';`);
  for (let k = 0; k < 5; k++) {
    const j = Math.floor(random() * half);
    if (j === i) continue;
    const name = `${cap(WORDS[j % WORDS.length])}Service`;
    lines.push(
      k % 2
        ? `import { ${name} as S${k} } from '../mod${Math.floor(j / 50)}/m${j}.js';`
        : `import type { ${cap(WORDS[j % WORDS.length])} as T${k} } from '@/mod${Math.floor(j / 50)}/m${j}';`,
    );
  }
  const name = cap(WORDS[i % WORDS.length]);
  lines.push(
    '',
    `export interface ${name} {`,
    '  readonly id: number;',
    '  readonly name: string;',
    '  readonly tags: readonly string[];',
    '  readonly meta: Record<string, unknown>;',
    '}',
    '',
  );
  if (stores)
    lines.push(
      `const file = process.env.DB_${i % 9} ?? join(import.meta.dirname, '..', 'data', 'app${i % 7}.db');`,
      `export const db = new Database(file);`,
      '',
    );
  lines.push(
    `const DEFAULTS: Record<string, number> = { ${Array.from({ length: 8 }, () => `${pick()}${cap(pick())}: ${Math.floor(random() * 999)}`).join(', ')} };`,
    '',
  );
  lines.push(
    `export class ${name}Service {`,
    `  readonly #cache = new Map<string, number>();`,
    `  constructor(private readonly limit = ${Math.floor(random() * 90)}) {}`,
    '',
  );
  if (stores) {
    lines.push(
      '  load(key: number): unknown {',
      `    return db.prepare('SELECT id, name, meta FROM ${pick()}s WHERE id = ?').get(key);`,
      '  }',
      '',
    );
    lines.push(
      '  save(items: readonly { id: number; name: string }[]): void {',
      `    const insert = db.prepare(\`INSERT INTO ${pick()}s(id, name) VALUES (@id, @name)\`);`,
      '    for (const item of items) insert.run(item);',
      '  }',
      '',
    );
  }
  const methods = 2 + Math.floor(random() * 5);
  for (let m = 0; m < methods; m++) {
    const [a, b, c] = [pick(), pick(), pick()];
    lines.push(
      `  /** Returns the ${b} of ${c} in the order of ${pick()}. */`,
      `  ${a}${cap(b)}${m}(${c}: ${name}, strict = false): readonly ${name}[] {`,
      `    const result: ${name}[] = [];`,
      `    for (const [index, tag] of ${c}.tags.entries()) {`,
      `      // ${pick()} before ${pick()}: the ${pick()} depends on it`,
      `      if (strict && !this.#cache.has(tag) && tag.length > ${Math.floor(random() * 30)}) {`,
      `        throw new RangeError(\`unknown ${a}: \${tag} at \${index}\`);`,
      '      }',
      `      const value = this.#cache.get(tag) ?? DEFAULTS['${pick()}'] ?? ${Math.floor(random() * 99)};`,
      `      result.push({ id: index * ${1 + Math.floor(random() * 9)}, name: \`\${tag}-\${value}\`, tags: [tag], meta: { ${pick()}: value, at: index } });`,
      '    }',
      `    return result.sort((x, y) => (x.name < y.name ? -1 : 1)).slice(0, this.limit);`,
      '  }',
      '',
    );
  }
  lines.push(
    '}',
    '',
    `export function build${name}(rows: Iterable<readonly [string, number]>): ${name}Service {`,
    `  const service = new ${name}Service(${Math.floor(random() * 50)});`,
    '  for (const [key, value] of rows) service.build?.(key.trim().toLowerCase(), value);',
    '  return service;',
    '}',
    '',
  );
  return lines.join('\n');
}

const cap = (word) => word[0].toUpperCase() + word.slice(1);
