import { describe, expect, it } from 'vitest';
import { danglingReference } from '../../src/audit/detectors/dangling-reference.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const detect = async (texts: Readonly<Record<string, string>>) =>
  danglingReference.detect(facts([], [], { code: await readCode(texts) }));
const messages = async (texts: Readonly<Record<string, string>>) => (await detect(texts)).map(({ message }) => message);

describe('dangling-reference', () => {
  it('C19: a script of a manifest that is not there, and where it may be', async () => {
    const texts = {
      'package.json':
        '{ "scripts": { "seed": "tsx scripts/seed.ts", "start": "node src/server.js", "clean": "rm -f out.sh && node dist/x.js" } }',
      'src/server.js': 'export const a = 1;\n',
      'tools/seed.ts': 'export const b = 1;\n',
    };
    const found = await detect(texts);
    expect(found).toMatchObject([
      {
        severity: 'medium',
        confidence: 'proven',
        message: 'package.json names scripts/seed.ts, which is not there.',
        at: [{ path: 'package.json', line: 1 }],
      },
    ]);
    expect(found[0]?.evidence).toContain('perhaps tools/seed.ts is meant');
    expect(await detect({ ...texts, 'scripts/seed.ts': '' })).toEqual([]);
  });

  it('C19: COPY counts from the folder that compose builds in; globs, stages and builds are not missed', async () => {
    const texts = {
      'docker-compose.yml': 'services:\n  web:\n    build:\n      context: ./backend\n',
      'backend/Dockerfile':
        'FROM node:20 AS build\nCOPY app/ ./app\nCOPY package-lock.json* ./\nCOPY gone/settings.py ./\nFROM node:20\nCOPY --from=build /app/server.js ./\nCMD ["node", "server.js"]\n',
      'backend/app/main.py': 'x = 1\n',
    };
    expect(await detect(texts)).toMatchObject([
      {
        severity: 'high',
        message: 'backend/Dockerfile names backend/gone/settings.py, which is not there.',
        at: [{ line: 4 }],
      },
    ]);
    expect(await messages({ ...texts, 'docker-compose.yml': 'services:\n  web:\n    build: ./server\n' })).toContain(
      'docker-compose.yml names server, which is not there.',
    );
  });

  it('C19: paths that CI builds from a matrix', async () => {
    const workflow = `on: push
jobs:
  check:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        part: [users, orders]
    steps:
      - run: python checks/\${{ matrix.part }}.py
`;
    const texts = { '.github/workflows/ci.yml': workflow, 'checks/users.py': 'x = 1\n' };
    expect(await messages(texts)).toEqual(['.github/workflows/ci.yml names checks/orders.py, which is not there.']);
    expect(await messages({ ...texts, 'checks/orders.py': 'x = 1\n' })).toEqual([]);
  });

  it('C19: cron lines, Makefiles and shell scripts', async () => {
    const texts = {
      'ops/crontab': '0 3 * * * cd /srv/kiosk && python jobs/nightly.py\n',
      Makefile: 'reset:\n\tpython tools/reset.py\n',
      'run.sh':
        '#!/bin/sh\n[ -f local/setup.sh ] && . local/setup.sh\ncp env.py.sample env.py\npython env.py\npython "$TOOL"/x.py\npython work.py\n',
      'work.py': 'x = 1\n',
    };
    expect(await messages(texts)).toEqual([
      'ops/crontab names jobs/nightly.py, which is not there.',
      'Makefile names tools/reset.py, which is not there.',
    ]);
    // A cron line may be called from another folder than one would think; make is not.
    const moved = await detect({ ...texts, 'backend/jobs/nightly.py': '', 'backend/tools/reset.py': '' });
    expect(moved).toMatchObject([{ confidence: 'likely', at: [{ path: 'Makefile', line: 2 }] }]);
    expect(moved[0]?.evidence).toContain('perhaps backend/tools/reset.py is meant');
  });

  it('C19: what is started in a folder of a machine is named as it is written, with the folders that may be meant', async () => {
    const texts = {
      'deploy/crontab': '0 3 * * * cd /srv/shop && python3 scripts/nightly.py\n',
      'deploy/shop.service':
        '[Service]\nWorkingDirectory=/srv/shop/backend\nExecStart=/usr/bin/python3 jobs/serve.py\n',
      'backend/app.py': 'x = 1\n',
    };
    const found = await detect(texts);
    expect(found.map(({ message }) => message)).toEqual([
      'deploy/crontab names scripts/nightly.py, which is not there.',
      'deploy/shop.service names backend/jobs/serve.py, which is not there.',
    ]);
    expect(found[0]?.evidence).toContain('started in /srv/shop; looked for from the project’s folder and deploy');
    expect(found[1]?.evidence).toContain(
      'started in /srv/shop/backend; looked for from backend, the project’s folder and deploy',
    );
    // Wherever of these it lies, it is there.
    const there = { 'deploy/scripts/nightly.py': '', 'jobs/serve.py': '' };
    expect(await detect({ ...texts, ...there })).toEqual([]);
    // A folder of an image is made of what is copied there.
    const image = { 'api/Dockerfile': 'FROM python:3\nWORKDIR /srv/api\nCOPY . .\nCMD ["python", "serve.py"]\n' };
    expect(await messages(image)).toEqual(['api/Dockerfile names api/serve.py, which is not there.']);
  });

  it('is silent about documents, files of variables that have an example, and manifests of others', async () => {
    expect(
      await detect({
        'README.md': '```sh\npython gone.py\n```\n',
        'docker-compose.yml': 'services:\n  web:\n    image: x\n    env_file: .env\n',
        '.env.example': 'A=1\n',
        'node_modules.backup/depd/package.json': '{ "scripts": { "bench": "node benchmark/gone.js" } }',
      }),
    ).toEqual([]);
  });
});
