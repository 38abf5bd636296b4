import type { FixtureProject } from './fixture-project.ts';
import { insert, makeStore } from './make-store.ts';
import { writeFile } from './write-file.ts';

export const project: FixtureProject = {
  traps: ['C2', 'C3', 'C4', 'C10', 'C23'],
  wrong: `C4: each module of web/src/reached is reached in one way that the compiler knows (alias, alias of a parent's tsconfig, barrel,
    export *, type only, .js for .ts, folder, require, import(), workspace package, JSON), and worker/ has another meaning for "@/";
    nobody reaches nobody.ts. Three imports only look like those: "@/reached/aliasing", a member that the barrel lacks, an alias of the
    other tsconfig. C2, C3: a guarded require and a vi.mock count, a mock of a module that is gone is said. C10: old.ts is imported by older.ts alone,
    which nobody imports. C23: "user.db" is a property, Thumbs.db belongs to Windows, "knex.db.client" is a key, none is a store.`,
  build(dir) {
    const write = (path: string, ...lines: readonly string[]): void => writeFile(dir, path, `${lines.join('\n')}\n`);
    const json = (path: string, value: unknown): void => write(path, JSON.stringify(value, null, 2));
    const module = (name: string): void => write(`web/src/reached/${name}.ts`, `export const ${name} = 1;`);
    makeStore(
      dir,
      'data/app.db',
      'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)',
      insert('notes', [{ id: 1 }]),
    );
    json('package.json', { private: true, workspaces: ['web', 'worker', 'packages/*'] });
    json('web/package.json', { name: 'web', type: 'module', scripts: { start: 'tsx src/server.ts' } });
    json('worker/package.json', { name: 'worker', type: 'module', scripts: { start: 'tsx src/worker.ts' } });
    json('packages/words/package.json', { name: '@kiosk/words', exports: { '.': './src/index.ts' } });
    write('packages/words/src/index.ts', "export * from './greet.js';");
    write('packages/words/src/greet.ts', "export const greet = () => 'hello';");
    write(
      'tsconfig.base.json',
      '{',
      '  // comments and a trailing comma are fine here',
      '  "compilerOptions": { "strict": true, "paths": { "#base/*": ["./web/src/reached/*"] }, },',
      '}',
    );
    json('web/tsconfig.json', {
      extends: '../tsconfig.base.json',
      compilerOptions: { paths: { '@/*': ['./src/*'], '#base/*': ['./src/reached/*'] } },
    });
    json('worker/tsconfig.json', { compilerOptions: { paths: { '@/*': ['./src/*'] } } });

    for (const name of [
      'aliased',
      'inherited',
      'barrelled',
      'starred',
      'suffixed',
      'required',
      'guarded',
      'later',
      'mocked',
      'nobody',
    ])
      module(name);
    write('web/src/reached/typed.ts', 'export interface Typed { readonly id: number }');
    write('web/src/reached/folder/index.ts', 'export const folder = 1;');
    json('web/src/reached/data.json', { id: 1 });
    write('web/src/reached/index.ts', "export { barrelled } from './barrelled';", "export * from './starred';");
    write(
      'web/src/server.ts',
      "import { createRequire } from 'node:module';",
      "import { greet } from '@kiosk/words';",
      "import { aliased } from '@/reached/aliased';",
      "import { gone } from '@/reached/aliasing';",
      "import { inherited } from '#base/inherited';",
      "import { barrelled, starred } from './reached';",
      "import { folder } from './reached/folder';",
      "import { suffixed } from './reached/suffixed.js';",
      "import type { Typed } from './reached/typed';",
      "import data from './reached/data.json' with { type: 'json' };",
      "import { lost } from './barrel';",
      'const require = createRequire(import.meta.url);',
      "const { required } = require('./reached/required');",
      'let fast: unknown;',
      'try {',
      "  fast = require('./reached/guarded');",
      '} catch {',
      '  fast = null;',
      '}',
      "export const later = async () => (await import('./reached/later')).later;",
      'export const user = { db: data, typed: null as Typed | null };',
      'export const names = [user.db, "Thumbs.db", "knex.db.client", ".db"];',
      'console.log(greet(), aliased, gone, inherited, barrelled, starred, folder, suffixed, required, fast, lost);',
    );
    write('web/src/barrel.ts', "export { greet } from '@kiosk/words';");
    write(
      'web/src/server.test.ts',
      "import { vi } from 'vitest';",
      "vi.mock('./reached/mocked', () => ({ mocked: 2 }));",
      "vi.mock('./reached/moved', () => ({ moved: 2 }));",
    );
    write('web/src/old.ts', 'export const old = 1;');
    write('web/src/older.ts', "export { old } from './old.js';");

    write('worker/src/job.ts', 'export const job = 1;');
    write(
      'worker/src/worker.ts',
      "import Database from 'better-sqlite3';",
      "import { job } from '@/job';",
      "import { aliased } from '@/reached/aliased';",
      "export const db = new Database(new URL('../../data/app.db', import.meta.url).pathname);",
      "db.prepare('SELECT text FROM notes').all();",
      'console.log(job, aliased);',
    );
  },
};
