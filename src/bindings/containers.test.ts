/** What runs in a container: its command's file and what that leads to. COPY makes files present, no more. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';
import type { Context } from './contexts.ts';
import { HOLE } from './path-functions.ts';

type Texts = Readonly<Record<string, string>>;

async function inContainers(texts: Texts): Promise<(file: string) => readonly Context[]> {
  const { contexts } = await buildProgram(texts);
  return (file) => contexts.of(file).filter(({ label }) => label.startsWith('in '));
}

const places = (contexts: readonly Context[]): string[] =>
  contexts.map(({ cwd, cwdSure, supposed }) => `${cwd} ${supposed ? 'supposed' : cwdSure ? 'said' : 'page'}`);

describe('C2: COPY runs nothing', () => {
  const texts = {
    'compose.yml': `services:
  backend:
    build: { context: ., dockerfile: mini/Dockerfile }
    environment: { DATABASE_URL: "postgresql://db/app" }
`,
    'mini/Dockerfile': 'FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nCOPY . .\nCMD ["node", "src/server.js"]\n',
    'mini/src/server.js': "require('./db');\n",
    'mini/src/db.js': 'exports.db = 1;\n',
    'worker/index.js': 'exports.x = 1;\n',
  };

  it('a command whose file is not in the image runs none of the others', async () => {
    const of = await inContainers(texts);
    for (const file of ['worker/index.js', 'mini/src/server.js', 'mini/src/db.js']) expect(of(file)).toEqual([]);
  });

  it('one that is there runs, with what it loads', async () => {
    const of = await inContainers({
      ...texts,
      'compose.yml': texts['compose.yml']
        .replace('context: .', 'context: mini')
        .replace('mini/Dockerfile', 'Dockerfile'),
    });
    expect(places(of('mini/src/db.js'))).toEqual(['/app said']);
    expect(of('mini/src/db.js')[0]?.variable('DATABASE_URL')?.value).toBe('postgresql://db/app');
    expect(of('worker/index.js')).toEqual([]);
  });

  it.each([
    // Nobody says what runs: then all of it may.
    ['', '/app supposed'],
    ['CMD ["sleep", "infinity"]\n', '/app supposed'],
    ['CMD ["./server"]\n', '/app supposed'],
    ['CMD ["python", "-c", "1"]\n', undefined],
    ['CMD ["python", "gone.py"]\n', undefined],
    ['CMD ["npm", "run", "gone"]\n', undefined],
  ])('%j', async (command, place) => {
    const of = await inContainers({
      Dockerfile: `FROM python:3.12\nWORKDIR /app\nCOPY . .\n${command}`,
      'app.py': 'import os\n',
    });
    expect(places(of('app.py'))).toEqual(place === undefined ? [] : [place]);
  });
});

describe('what the command leads to', () => {
  it('through the scripts of an entry point, from where they go to', async () => {
    const of = await inContainers({
      Dockerfile: 'FROM python:3.12\nWORKDIR /srv\nCOPY . .\nENTRYPOINT ["./docker/entry.sh"]\n',
      'docker/entry.sh': '#!/bin/sh\nalembic upgrade head\ncd backend\nDB=x.db exec uvicorn app.main:app\n',
      'alembic.ini': '[alembic]\nscript_location = migrations\n',
      'migrations/env.py': 'import os\n',
      'backend/app/main.py': 'import app.db\n',
      'backend/app/db.py': 'import os\n',
      'backend/tool.py': 'import os\n',
    });
    expect(places(of('backend/app/db.py'))).toEqual(['/srv/backend said']);
    expect(of('backend/app/db.py')[0]?.variable('DB')?.value).toBe('x.db');
    expect(places(of('migrations/env.py'))).toEqual(['/srv said']);
    expect(places(of('alembic.ini'))).toEqual(['/srv said']);
    expect(places(of('docker/entry.sh'))).toEqual(['/srv said']);
    expect(of('backend/tool.py')).toEqual([]);
  });

  it('through package scripts and frameworks', async () => {
    const of = await inContainers({
      Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY web .\nRUN npm run build\nCMD ["npm", "start"]\n',
      'web/package.json': '{"scripts":{"start":"next start"}}',
      'web/pages/index.tsx': "import '../lib/db';\n",
      'web/lib/db.ts': 'export const x = 1;\n',
      'web/scripts/load.ts': "import '../lib/db';\n",
    });
    expect(places(of('web/lib/db.ts'))).toEqual(['/app said']);
    expect(of('web/scripts/load.ts')).toEqual([]);
  });

  it('through what scripts run in a service besides', async () => {
    const of = await inContainers({
      'compose.yml': 'services:\n  web:\n    build: .\n  other:\n    build: .\n    command: python other.py\n',
      Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      Makefile: 'seed:\n\tdocker compose exec web python tools/seed.py\n',
      'README.md': '```bash\ndocker compose exec web python tools/shown.py\n```\n',
      'app.py': 'import os\n',
      'other.py': 'import os\n',
      'tools/seed.py': 'import os\n',
      'tools/shown.py': 'import os\n',
    });
    expect(of('tools/seed.py').map(({ label }) => label)).toEqual(['in docker compose (service web)']);
    expect(of('tools/shown.py')).toEqual([]);
    const { contexts } = await buildProgram({
      'run.sh': 'docker run --rm image python app.py\n',
      'app.py': 'import os\n',
    });
    expect(contexts.of('app.py').every(({ cwdSure }) => !cwdSure)).toBe(true);
  });

  it('a folder that the command goes to is the one it runs in', async () => {
    const of = await inContainers({
      Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["npm", "start"]\n',
      'package.json': '{"scripts":{"start":"cd server && node index.js"}}',
      'server/index.js': 'require("fs");\n',
    });
    expect(places(of('server/index.js'))).toEqual(['/app/server said']);
  });
});

describe('C2: what an earlier stage built runs, though it is not there', () => {
  const next = {
    'compose.yml': 'services:\n  app:\n    build: .\n    environment: { DATABASE_URL: "postgresql://db/app" }\n',
    Dockerfile: `FROM node:20 AS deps
WORKDIR /app
COPY package.json ./
FROM node:20 AS builder
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY . .
RUN npm run build
FROM gcr.io/distroless/nodejs20
WORKDIR /app
COPY --from=builder /app/public ./public
COPY --from=builder /app/.next/standalone ./
CMD ["server.js"]
`,
    'package.json': '{"scripts":{"build":"next build"}}',
    'public/data.json': '{}',
    'src/app/page.tsx': "import '../lib/db';\n",
    'src/lib/db.ts': "import { PrismaClient } from '@prisma/client';\nexport const db = new PrismaClient();\n",
    'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
    'scripts/load.ts': "import '../src/lib/db';\n",
  };

  it('the pages of a standalone build, with the variables of the service, and the schema of the client', async () => {
    const of = await inContainers(next);
    for (const file of ['src/lib/db.ts', 'prisma/schema.prisma']) {
      expect(places(of(file))).toEqual(['/app said']);
      expect(of(file)[0]?.variable('DATABASE_URL')?.value).toBe('postgresql://db/app');
    }
    expect(of('scripts/load.ts')).toEqual([]);
    // Nobody knows where the bundler put it.
    expect(of('src/lib/db.ts')[0]?.placeOf('src/lib/db.ts')).toContain(HOLE);
    expect(of('src/lib/db.ts')[0]?.locate('/app/public/data.json')).toMatchObject({ copyOf: 'public/data.json' });
  });

  it.each([
    ['COPY --from=builder /app/dist ./dist\nCMD ["node", "dist/main.js"]', ['/srv said']],
    ['COPY --from=builder /app/dist .\nCMD ["node", "main"]', ['/srv said']],
    ['COPY --from=builder /app /srv\nCMD ["node", "dist/main.js"]', ['/srv said']],
    ['COPY . .\nCMD ["node", "dist/main.js"]', ['/srv said']],
    ['COPY --from=builder /app/dist/other ./dist\nCMD ["node", "dist/main.js"]', []],
    ['COPY --from=builder /app/dist /usr/share/nginx/html\nCMD ["nginx"]', []],
    ['COPY --from=nowhere /app/dist ./dist\nCMD ["node", "dist/main.js"]', []],
  ])('%j', async (end, expected) => {
    const of = await inContainers({
      Dockerfile: `FROM node:20 AS builder\nWORKDIR /app\nCOPY . .\nRUN tsc\nFROM node:20\nWORKDIR /srv\n${end}\n`,
      'src/main.ts': "import './db';\n",
      'src/db.ts': 'export const x = 1;\n',
    });
    expect(places(of('src/db.ts'))).toEqual(expected);
  });
});

describe('C6: PHP runs in the folder of the page that is asked for', () => {
  const texts = {
    'index.php': "<?php include 'includes/db.php';\n",
    'endpoints/a/page.php': "<?php include '../../includes/db.php';\n",
    'includes/db.php': "<?php $db = new SQLite3('db/x.db');\n",
    'composer.json': '{}',
  };

  it('on the host', async () => {
    const { contexts } = await buildProgram(texts);
    const cwds = contexts.of('includes/db.php').map(({ cwd }) => cwd.replace('/srv/project', ''));
    expect(cwds.slice(0, 2).sort()).toEqual(['', '/endpoints/a']);
  });

  it('in a container, where the same file is not surely reached from a command', async () => {
    const of = await inContainers({
      ...texts,
      Dockerfile: 'FROM php:8-fpm\nWORKDIR /var/www\nCOPY . .\nCMD ["./start.sh"]\n',
      'start.sh': 'php-fpm -D\nphp endpoints/a/page.php\n',
    });
    expect(places(of('includes/db.php'))).toEqual(['/var/www page', '/var/www page', '/var/www/endpoints/a page']);
    expect(places(of('endpoints/a/page.php'))[0]).toBe('/var/www said');
  });
});

it('who sets a variable for something else is known', async () => {
  const { contexts } = await buildProgram({
    'compose.yml': 'services:\n  app:\n    image: x\n    environment: { DATABASE_URL: "postgresql://db/app" }\n',
    '.env.example': 'OTHER_URL=x\n',
    'tool.py': 'import os\n',
  });
  const [context] = contexts.of('tool.py');
  expect(context?.elsewhere?.('DATABASE_URL')).toMatchObject({ path: 'compose.yml', line: 4 });
  expect(context?.elsewhere?.('OTHER_URL')).toBeUndefined();
});
