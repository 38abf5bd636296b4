/** How files run, on small projects of compose files, Dockerfiles, scripts and CI, read by the real front ends. */
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../test/builders/program.ts';
import type { Context } from './contexts.ts';
import { HOLE } from './path-functions.ts';

async function contextsOf(file: string, texts: Readonly<Record<string, string>>): Promise<readonly Context[]> {
  return (await buildProgram(texts)).contexts.of(file);
}

describe('the stage that a service builds', () => {
  const DOCKERFILE = `FROM python:3.12 AS base
WORKDIR /base
COPY . /base
ENV DB=base.db
CMD ["python", "app.py"]
FROM base AS dev
ENV DB=dev.db
WORKDIR /dev
COPY . /dev
FROM base AS Prod
ENV DB=prod.db
WORKDIR /prod
COPY . /prod
CMD ["python", "worker.py"]
`;
  const service = (build: string): Record<string, string> => ({
    'compose.yml': `services:\n  web:\n    build: ${build}\n`,
    Dockerfile: DOCKERFILE,
    'app.py': 'import os\n',
    'worker.py': 'import os\n',
  });
  const seen = async (file: string, texts: Readonly<Record<string, string>>): Promise<string[]> =>
    (await contextsOf(file, texts)).flatMap(({ label, cwd, variable }) =>
      label.includes('service') ? [`${label}: ${cwd} ${variable('DB')?.value ?? ''}`] : [],
    );

  it('is its target, with what the stages below it set and start', async () => {
    const texts = service('{ context: ., target: dev }');
    expect(await seen('app.py', texts)).toEqual(['in docker compose (service web): /dev dev.db']);
    expect(await seen('worker.py', texts)).toEqual([]);
  });

  it('is the last where none is asked for', async () => {
    for (const build of ['.', '{ context: . }', '{ context: ., target: nowhere }']) {
      expect(await seen('worker.py', service(build))).toEqual(['in docker compose (service web): /prod prod.db']);
      expect(await seen('app.py', service(build))).toEqual([]);
    }
  });

  it.each([
    ['prod', '/prod prod.db'],
    ['2', '/prod prod.db'],
    [`\${STAGE:-prod}`, '/prod prod.db'],
  ])('target %s', async (target, where) => {
    const texts = { ...service(`{ context: ., target: "${target}" }`), Dockerfile: `${DOCKERFILE}FROM base AS last\n` };
    expect(await seen('worker.py', texts)).toEqual([`in docker compose (service web): ${where}`]);
  });

  it('asked for by a variable of the file beside', async () => {
    const texts = service(`{ context: ., target: "\${STAGE:-prod}" }`);
    expect(await seen('app.py', { ...texts, '.env': 'STAGE=dev\n' })).toEqual([
      'in docker compose (service web): /dev dev.db',
    ]);
  });
});

describe('the working directory is said', () => {
  const DOCKERFILE = `FROM python:3.12 AS base
WORKDIR /srv
WORKDIR app
COPY . .
FROM base
RUN true
CMD ["python", "app.py"]
`;
  const compose = (more: string): string => `services:\n  web:\n    build: .\n${more}`;

  it.each([
    ['by the last instruction, of the stage that is inherited from', '', '/srv/app', 'Dockerfile:3', 'WORKDIR app'],
    ['by compose', '    working_dir: /srv/app\n', '/srv/app', 'compose.yml:4', 'working_dir: /srv/app'],
  ])('%s', async (_, more, cwd, place, text) => {
    const [context] = await contextsOf('app.py', {
      'compose.yml': compose(more),
      Dockerfile: DOCKERFILE,
      'app.py': 'import os\n',
    });
    expect(context?.cwd).toBe(cwd);
    const source = context?.cwdSource;
    expect([`${source?.path}:${source?.line}`, source?.text]).toEqual([place, text]);
  });

  it('by nobody: then no line is shown', async () => {
    const [context] = await contextsOf('app.py', {
      'compose.yml': compose(''),
      Dockerfile: 'FROM python:3.12\nCOPY . /\nCMD ["python", "app.py"]\n',
      'app.py': 'import os\n',
    });
    expect(context).toMatchObject({ label: 'in docker compose (service web)', cwd: '/' });
    expect(context?.cwdSource).toBeUndefined();
  });
});

describe('names that begin with a dot', () => {
  const texts = {
    'deploy/compose.yml': `services:
  web:
    build: { context: .., dockerfile: .docker/web.dockerfile }
    env_file: ../.env
    volumes: ['../.data:/srv/data', '../../shared:/srv/shared']
`,
    '.docker/web.dockerfile': 'FROM python:3.12\nWORKDIR /srv\nCOPY . .\nCMD ["python", "app.py"]\n',
    '.env': 'DB=from-file.db\n',
    'app.py': 'import os\n',
    '.data/app.db': '',
    'data/app.db': '',
  };

  it('are those of the build, the variables and the mounts', async () => {
    const [context] = await contextsOf('app.py', texts);
    expect(context?.label).toBe('in docker compose (service web)');
    expect(context?.variable('DB')?.value).toBe('from-file.db');
    expect(context?.locate('/srv/data/app.db')).toMatchObject({ in: 'project', path: '.data/app.db' });
    expect(context?.locate('/srv/.data/app.db')).toMatchObject({ in: 'image', copyOf: '.data/app.db' });
  });

  it('what lies above the project is outside of it', async () => {
    const [context] = await contextsOf('app.py', texts);
    expect(context?.locate('/srv/shared/app.db')).toMatchObject({ in: 'outside' });
  });
});

describe('a script that goes to a folder of its own accord', () => {
  const texts = (script: string): Record<string, string> => ({
    'scripts/dev/run.sh': script,
    'scripts/dev/app.py': 'import os\n',
    'scripts/app.py': 'import os\n',
    'app.py': 'import os\n',
    'backend/app.py': 'import os\n',
    'README.md': 'The project.\n',
  });
  const startsOf = async (file: string, script: string): Promise<string[]> =>
    (await contextsOf(file, texts(script))).flatMap(({ label, cwd, cwdSure }) =>
      label.startsWith('started by')
        ? [`${cwd.replace('/srv/project', '') || '/'} ${cwdSure ? 'said' : 'supposed'}`]
        : [],
    );

  it.each([
    ['app.py', 'cd "$(dirname "$0")/../.."\npython app.py', '/ said'],
    ['scripts/app.py', `cd "\${0%/*}/.."\npython app.py`, '/scripts said'],
    ['backend/app.py', 'cd "$(dirname "$0")/../../backend" && python app.py', '/backend said'],
    [
      'scripts/dev/app.py',
      `D="$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)"; cd "$D"\npython app.py`,
      '/scripts/dev said',
    ],
    // Whether the top of the tree is the project is not known.
    ['backend/app.py', 'R=$(git rev-parse --show-toplevel); cd "$R/backend"\npython app.py', '/backend supposed'],
    // Found by its full path, started from wherever the script is.
    ['backend/app.py', 'D=$(dirname "$0")\npython "$D/../../backend/app.py"', '/ supposed'],
    ['backend/app.py', 'cd backend\npython "$(dirname "$0")/../../backend/app.py"', '/backend said'],
  ])('%s: %s', async (file, script, place) => {
    expect(await startsOf(file, script)).toEqual([place]);
  });

  it.each([
    // Above the project.
    ['app.py', 'cd "$(dirname "$0")/../../.."\npython app.py'],
    ['app.py', 'cd "$UNKNOWN"\npython app.py'],
    ['app.py', 'cd "$(dirname "$1")/../.."\npython app.py'],
    ['backend/app.py', 'D=$(dirname "$0")\nD=$1\npython "$D/../../backend/app.py"'],
  ])('%s is not what starts: %s', async (file, script) => {
    expect(await startsOf(file, script)).toEqual([]);
  });

  it.each([
    ['cd "$(dirname "$0")/backend"', ['started by run.sh (from backend)']],
    ['cd "$(dirname "$0")/.."', []],
  ])('at the root: %s', async (script, labels) => {
    const contexts = await contextsOf('backend/app.py', {
      'run.sh': `${script}\npython app.py\n`,
      'backend/app.py': 'import os\n',
    });
    expect(contexts.map(({ label }) => label).filter((label) => label.startsWith('started by'))).toEqual(labels);
  });

  it('a Makefile has no file of its own in `$0`', async () => {
    const contexts = await contextsOf('app.py', {
      Makefile: 'run:\n\tcd "$$(dirname "$$0")" && python app.py\n',
      'app.py': 'import os\n',
    });
    expect(contexts.map(({ label }) => label)).not.toContainEqual(expect.stringContaining('make'));
  });
});

describe('a job of CI', () => {
  const workflow = (steps: string, more = ''): string => `on: push
env: { LEVEL: file, URL: "sqlite:///\${{ github.sha }}.db" }
jobs:
  test:
    runs-on: ubuntu-latest
    env: { DATABASE_URL: "sqlite:///test.db", LEVEL: job }
${more}    steps:
${steps}`;
  const texts = (steps: string, more = ''): Record<string, string> => ({
    '.github/workflows/ci.yml': workflow(steps, more),
    'backend/manage.py': 'import os\n',
    'backend/settings.py': 'import os\n',
    'backend/tests/test_users.py': 'import os\n',
    'backend/tests/unit/test_one.py': 'import os\n',
    'backend/tests/page.test.ts': "import fs from 'node:fs';\n",
  });
  const jobsOf = async (file: string, steps: string, more = ''): Promise<readonly Context[]> =>
    (await contextsOf(file, texts(steps, more))).filter(({ label }) => label.startsWith('job '));

  it('that runs the tests tells their folder and variables', async () => {
    const steps =
      '      - run: python manage.py test\n        working-directory: backend\n        env: { LEVEL: step }\n';
    const [job, ...others] = await jobsOf('backend/tests/test_users.py', steps);
    expect(others).toEqual([]);
    expect(job).toMatchObject({
      label: 'job test (.github/workflows/ci.yml)',
      cwd: '/srv/project/backend',
      cwdSure: true,
      cwdSource: { path: '.github/workflows/ci.yml', line: 8, text: '- run: python manage.py test' },
    });
    expect(job?.variable('DATABASE_URL')).toMatchObject({ value: 'sqlite:///test.db', source: { line: 6 } });
    expect(job?.variable('LEVEL')?.value).toBe('step');
    expect(job?.variable('URL')?.value).toBe(`sqlite:///${HOLE}.db`);
    expect(job?.variable('OTHER')).toBeUndefined();
  });

  it('tells nothing of the application, which runs elsewhere', async () => {
    const steps = '      - run: cd backend && python manage.py test\n';
    for (const file of ['backend/settings.py', 'backend/manage.py']) expect(await jobsOf(file, steps)).toEqual([]);
    expect(await jobsOf('backend/tests/test_users.py', steps)).toHaveLength(1);
  });

  it.each([
    ['pytest', '', 1, 1, 0],
    ['cd backend && python -m pytest tests/unit', 'backend', 0, 1, 0],
    ['coverage run -m pytest backend/tests/test_users.py::test_a', '', 1, 0, 0],
    ['cd backend && npm test', 'backend', 0, 0, 1],
    ['npx vitest run', '', 0, 0, 1],
    ['cd "$GITHUB_WORKSPACE/backend"; pytest', 'backend', 1, 1, 0],
    // None of these runs the tests, or nobody knows where.
    ['cd backend && python manage.py migrate', '', 0, 0, 0],
    ['python -m build', '', 0, 0, 0],
    ['npm run build', '', 0, 0, 0],
    ['pip install pytest', '', 0, 0, 0],
    ['cd "$SOMEWHERE" && pytest', '', 0, 0, 0],
    ['cd frontend && pytest', '', 0, 0, 0],
  ])('%s', async (run, cwd, users, unit, page) => {
    const steps = `      - run: ${run}\n`;
    const seen = await Promise.all(
      ['backend/tests/test_users.py', 'backend/tests/unit/test_one.py', 'backend/tests/page.test.ts'].map((file) =>
        jobsOf(file, steps),
      ),
    );
    expect(seen.map(({ length }) => length)).toEqual([users, unit, page]);
    for (const one of seen.flat()) expect(one.cwd).toBe(['/srv/project', cwd].filter((part) => part !== '').join('/'));
  });
});

describe('a value that a script gives', () => {
  const valueIn = async (script: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> => {
    const contexts = await contextsOf('app.py', { 'ops/run.sh': script, 'app.py': 'import os\n', ...more });
    const started = contexts.find(({ label }) => label.startsWith('started by'));
    const { value, sure } = started?.variable('DB') ?? {};
    return [value, sure];
  };

  it.each([
    ['DB=data/app.db python app.py', 'data/app.db', true],
    [
      'D="$(cd "$(dirname "$0")" && pwd)"\nexport DB="$D/../data/app.db"\npython app.py',
      '/srv/project/ops/../data/app.db',
      true,
    ],
    ['DATA=data\nexport DB="sqlite:///$DATA/app.db"\npython app.py', 'sqlite:///data/app.db', true],
    [`export DATA=/var/lib\nexport DB="\${DATA}/app.db"\npython app.py`, '/var/lib/app.db', true],
    ['DB="$HOME/app.db" python app.py', '/home/someone/app.db', true],
    // The answer may be another one: not proven.
    [`export DB="\${DB:-data/app.db}"\npython app.py`, 'data/app.db', false],
    ['DB="$PWD/app.db" python app.py', '/srv/project/app.db', false],
    ['DB="$(git rev-parse --show-toplevel)/app.db" python app.py', '/srv/project/app.db', false],
    // Only the running script knows.
    ['DB="$1" python app.py', HOLE, false],
    ['DB="$DATA/app.db" python app.py', `${HOLE}/app.db`, false],
    ['DB="$(mktemp -d)/app.db" python app.py', `${HOLE}/app.db`, false],
    ['DATA=a\nDATA=b\nDB="$DATA/app.db" python app.py', `${HOLE}/app.db`, false],
    ['export A=$B B=$A DB=$A\npython app.py', HOLE, false],
    ['DB="`date`.db" python app.py', `${HOLE}.db`, false],
  ])('%s', async (script, value, sure) => {
    expect(await valueIn(script)).toEqual([value, sure]);
  });

  it('with a part that a file of variables sets', async () => {
    const script = 'DB="$DATA/app.db" python app.py';
    expect(await valueIn(script, { '.env': 'DATA=/var/data\n' })).toEqual(['/var/data/app.db', false]);
  });
});

describe('variables inside variables', () => {
  it('of a file of variables, in a circle as well', async () => {
    const [context] = await contextsOf('app.py', {
      '.env': `ROOT=/srv\nDB=\${ROOT}/app.db\nA=$B\nB=\${A}\nOPEN=\${NOWHERE}/app.db\nKEPT=\${NOWHERE:-/data}/app.db\n`,
      'app.py': 'import os\nimport dotenv\n',
    });
    const seen = ['DB', 'A', 'OPEN', 'KEPT'].map((name) => {
      const { value, sure } = context?.variable(name) ?? {};
      return [value, sure];
    });
    expect(seen).toEqual([
      ['/srv/app.db', true],
      [HOLE, false],
      [`${HOLE}/app.db`, false],
      ['/data/app.db', true],
    ]);
  });

  it('of an image: ENV by what was said before it; ARG is known while it is built, then no more', async () => {
    const [context] = await contextsOf('app.py', {
      'compose.yml': `services:\n  web:\n    build: { context: ., args: { NAME: asked } }\n    environment: { SHELL_DB: "\${SHELL}/x.db", COST: "5$$", FROM_FILE: "\${FILE_DB}" }\n    env_file: web.env\n`,
      Dockerfile: `ARG BASE=/var/base
FROM python:3.12 AS base
ENV DATA=/data
ARG NAME=own OTHER=other DATABASE_URL=sqlite:///build.db
ENV DB=$DATA/$NAME.db SECOND=\${OTHER}.db
FROM base
ARG BASE
ENV THIRD=$BASE/\${NAME:-gone}.db FOURTH=$SET_BY_IMAGE/x.db FIFTH=\${DB}.old
COPY . /app
WORKDIR /app
CMD ["python", "app.py"]
`,
      '.env': `FILE_ROOT=/files\nFILE_DB=\${FILE_ROOT}/a.db\nLOOP=$LOOP\n`,
      'web.env': 'IN_FILE=/in\nIN_DB=$IN_FILE/b.db\n',
      'app.py': 'import os\n',
    });
    const names = [
      'DB',
      'SECOND',
      'THIRD',
      'FOURTH',
      'FIFTH',
      'SHELL_DB',
      'COST',
      'NAME',
      'DATABASE_URL',
      'FROM_FILE',
      'IN_DB',
    ];
    const seen = names.map((name) => [name, context?.variable(name)?.value, context?.variable(name)?.sure]);
    expect(seen).toEqual([
      ['DB', '/data/asked.db', true],
      ['SECOND', 'other.db', true],
      ['THIRD', '/var/base/gone.db', true],
      ['FOURTH', `${HOLE}/x.db`, false],
      ['FIFTH', '/data/asked.db.old', true],
      ['SHELL_DB', `${HOLE}/x.db`, false],
      ['COST', '5$', true],
      ['NAME', undefined, undefined],
      ['DATABASE_URL', undefined, undefined],
      ['FROM_FILE', '/files/a.db', true],
      ['IN_DB', '/in/b.db', true],
    ]);
  });
});
