/**
 * A TypeScript project of many files, a share of which import one module: in the ways that people write it, relative with a suffix,
 * by an alias, exported on, loaded later. Made of a seed: the same files each time.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { typescriptFile } from './code-corpus.mjs';

/** What moves, and where to. */
export const FROM = 'src/db/connection.ts';
export const TO = 'src/data/connection.ts';
export const PLAN = 'plan.yaml';

const CONNECTION = `export interface Connection {
  query(sql: string): readonly unknown[];
}
export function connect(): Connection {
  return { query: () => [] };
}
`;

/** Each form of an import, and how often of ten. */
const FORMS = [
  ...Array(5).fill(`import { connect } from '../db/connection.js';`),
  ...Array(2).fill(`import { connect, type Connection } from "@/db/connection";`),
  `import type { Connection } from '../db/connection.js';`,
  `export { connect as reconnect } from '../db/connection.js';`,
  `export const later = () => import('../db/connection.js');`,
];

/** Writes `files` files below `dir`, `importers` of which import the module, and commits them; answers how many bytes. */
export function makeProject(dir, files, importers) {
  let bytes = 0;
  const put = (path, text) => {
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    utimesSync(full, 1.7e9, 1.7e9);
    bytes += text.length;
  };
  for (let i = 0, made = 0; i < files; i++) {
    const imports = Math.floor(((i + 1) * importers) / files) > made;
    const text = typescriptFile(i, files);
    put(`src/mod${Math.floor(i / 50)}/m${i}.ts`, imports ? `${FORMS[made++ % FORMS.length]}\n${text}` : text);
  }
  put(FROM, CONNECTION);
  put('package.json', '{ "name": "bench", "type": "module", "scripts": { "start": "node src/mod0/m0.ts" } }\n');
  put(
    'tsconfig.json',
    '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] }, "module": "esnext" } }\n',
  );
  const git = (...args) => execFileSync('git', ['-C', dir, '-c', 'user.name=b', '-c', 'user.email=b@b', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'as made');
  put(
    PLAN,
    `version: 1\nplan: code-0001\nactions:\n  - move: ${FROM}\n    to: ${TO}\n    id: move-connection\n    reason: one folder for data\n`,
  );
  return bytes;
}
