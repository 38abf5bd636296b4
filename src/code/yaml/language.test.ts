import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { yaml } from './language.ts';

const read = (text: string): FileFacts => yaml.structure(text, 'x.yml');
const commands = (text: string): string[] =>
  read(text).commands.map(({ by, cwd, words }) => `${by} | ${cwd ?? ''} | ${words.join(' ')}`);
const said = (text: string, { at: [start, end] }: { readonly at: readonly [number, number, number] }): string =>
  text.slice(start, end);

const COMPOSE = `x-env: &env
  DATABASE_URL: sqlite:////app/data/app.db
  EMPTY:
services:
  base:
    image: postgres:16-alpine
  web:
    extends: base
    container_name: the-web
    build: { context: ./api, dockerfile: docker/Web, target: prod, args: [A=1] }
    working_dir: /app
    command: sh -c "cd src && python main.py --db $$DB"
    environment:
      <<: *env
      PORT: 80
    env_file:
      - .env
      - path: ./web.env
        required: false
    volumes:
      - ./data:/app/data:ro
      - named:/var/lib/x
      - type: bind
        source: ./app.db
        target: /app/app.db
      - boxed:/box
      - "\${ROOT:-./r}:/r"
      - /anonymous
    deploy: { replicas: 3 }
  worker:
    image: x
    entrypoint: ["python", "-m"]
    command: [pkg.worker, "a b"]
    environment:
      - DB=worker.db
      - PASSED
    healthcheck: { test: ["CMD-SHELL", "sqlite3 /data/h.db 'select 1' || exit 1"] }
volumes:
  named:
  boxed: { driver_opts: { type: none, o: bind, device: ./boxed } }
`;

describe('compose', () => {
  const facts = read(COMPOSE);
  const web = facts.places.find(({ label }) => label === 'service web');

  it('places', () => {
    expect(facts.read).toBe('structure');
    expect(web).toMatchObject({
      build: './api',
      dockerfile: 'docker/Web',
      target: 'prod',
      container: 'the-web',
      from: 'service base',
      workdir: '/app',
      replicas: 3,
    });
    expect(web?.mounts?.map(({ at: _, ...mount }) => mount)).toEqual([
      { source: './data', target: '/app/data', readOnly: true },
      { source: 'named', target: '/var/lib/x', named: true },
      { source: './app.db', target: '/app/app.db' },
      { source: './boxed', target: '/box' },
      { source: `\${ROOT:-./r}`, target: '/r' },
    ]);
    expect(web?.envFiles?.map((file) => [file.path, said(COMPOSE, file)])).toEqual([
      ['.env', '.env'],
      ['./web.env', './web.env'],
    ]);
  });

  it('variables of maps, lists, merged maps; nothing given is passed through', () => {
    const of = (by: string): unknown[] =>
      facts.variables.filter((each) => each.by === by).map(({ name, value }) => [name, value]);
    expect(of('service web')).toEqual([
      ['DATABASE_URL', 'sqlite:////app/data/app.db'],
      ['EMPTY', null],
      ['PORT', '80'],
    ]);
    expect(of('service worker')).toEqual([
      ['DB', 'worker.db'],
      ['PASSED', null],
    ]);
    expect(of('build web')).toEqual([['A', '1']]);
  });

  it('commands, with their folder; health checks apart', () => {
    expect(commands(COMPOSE)).toEqual([
      'service web | /app/src | python main.py --db $DB',
      'service worker |  | python -m pkg.worker a b',
      'health worker |  | sqlite3 /data/h.db select 1',
    ]);
    expect(facts.imports.map(({ module }) => module)).toEqual(['pkg.worker']);
    const [command] = facts.commands;
    expect(command && said(COMPOSE, command)).toBe('python main.py --db $$DB');
  });

  it('S20: a store mounted as a file; C23: an image of a database is no store', () => {
    expect(facts.texts.map((text) => [text.v, said(COMPOSE, text)])).toEqual([
      ['sqlite:////app/data/app.db', 'sqlite:////app/data/app.db'],
      ['./app.db', './app.db'],
      ['/app/app.db', '/app/app.db'],
      ['worker.db', 'worker.db'],
      ['/data/h.db', '/data/h.db'],
    ]);
  });

  it('several documents, override files, an include', () => {
    const text =
      'include: [a.yml, { path: [b.yml] }]\nservices: { web: { command: python a.py } }\n---\nservices: { web: { working_dir: /x } }\n';
    const both = read(text);
    expect(both.places.map(({ label, workdir }) => [label, workdir])).toEqual([
      ['service web', undefined],
      ['service web', '/x'],
    ]);
    expect(both.references.map(({ target, kind }) => `${kind} ${target}`)).toEqual([
      'script a.py',
      'include a.yml',
      'include b.yml',
    ]);
  });
});

const ACTIONS = `on: push
env: { TOP: a.db }
defaults: { run: { working-directory: api } }
jobs:
  test:
    runs-on: ubuntu
    env: { JOB: 1 }
    strategy:
      matrix:
        script: [sync, export]
        db: [a.db, b.db]
        exclude: [{ script: export, db: b.db }]
        include:
          - { script: extra, db: c.db }
          - { script: sync, flag: -v }
    steps:
      - uses: ./.github/actions/setup
      - run: python scripts/\${{ matrix.script }}.py --db=\${{ matrix.db }} \${{ matrix.flag }}
      - run: |
          cd sub
          python other.py \\
            --x
        working-directory: web
        env: { STEP: "\${{ matrix.db }}" }
      - run: import sqlite3; sqlite3.connect("py.db")
        shell: python
      - run: python \${{ env.X }} \${{ matrix.unknown }}
`;

describe('CI', () => {
  it('C19: script paths built from a matrix', () => {
    const facts = read(ACTIONS);
    expect(
      facts.references.filter(({ kind }) => kind === 'script').map((fact) => [fact.target, said(ACTIONS, fact)]),
    ).toEqual([
      ['scripts/sync.py', `scripts/\${{ matrix.script }}.py`],
      ['scripts/sync.py', `scripts/\${{ matrix.script }}.py`],
      ['scripts/export.py', `scripts/\${{ matrix.script }}.py`],
      ['scripts/extra.py', `scripts/\${{ matrix.script }}.py`],
      ['other.py', 'other.py'],
      ['other.py', 'other.py'],
      ['other.py', 'other.py'],
    ]);
    expect(facts.commands.slice(0, 4).map(({ words, cwd }) => [cwd, words.slice(1).join(' ')])).toEqual([
      ['api', 'scripts/sync.py --db=a.db -v'],
      ['api', 'scripts/sync.py --db=b.db -v'],
      ['api', `scripts/export.py --db=a.db \${{ matrix.flag }}`],
      ['api', `scripts/extra.py --db=c.db \${{ matrix.flag }}`],
    ]);
  });

  it('folders and variables of three levels; holes that no matrix fills stay', () => {
    const facts = read(ACTIONS);
    expect(facts.variables.map(({ name, value, by }) => [name, value, by])).toEqual([
      ['TOP', 'a.db', ''],
      ['JOB', '1', 'job test'],
    ]);
    const other = facts.commands.filter(({ words }) => words.includes('other.py'));
    expect(other.map(({ cwd, env }) => [cwd, env])).toEqual([
      ['web/sub', { STEP: 'a.db' }],
      ['web/sub', { STEP: 'b.db' }],
      ['web/sub', { STEP: 'c.db' }],
    ]);
    expect(facts.commands.at(-1)?.words).toEqual(['python', `\${{ env.X }}`, `\${{ matrix.unknown }}`]);
    expect(facts.references.find(({ kind }) => kind === 'include')?.target).toBe('./.github/actions/setup');
    expect(facts.texts.map(({ v }) => v)).toContain('py.db');
  });

  it('GitLab: one shell for what comes before and the script', () => {
    const text =
      'stages: [t]\nvariables: { DB: { value: ci.db } }\n.base: &b\n  before_script: [cd api]\nt:\n  <<: *b\n  stage: t\n  script:\n    - python a.py\n    - [python b.py]\n';
    expect(commands(text)).toEqual(['job t | api | python a.py', 'job t | api | python b.py']);
    expect(read(text).variables.map(({ name, value, by }) => [name, value, by])).toEqual([['DB', 'ci.db', '']]);
  });

  it('others: any key that holds something to run', () => {
    expect(
      commands(
        'jobs:\n  build:\n    steps:\n      - run:\n          name: tests\n          command: pytest x.py\n          working_directory: api\n',
      ),
    ).toEqual(['job tests | api | pytest x.py']);
    expect(
      commands(
        'version: 3\ntasks:\n  migrate:\n    dir: db\n    cmds:\n      - python m.py\n      - cmd: python n.py\n',
      ),
    ).toEqual(['job migrate | db | python m.py', 'job migrate |  | python n.py']);
    expect(commands('services:\n  - type: web\n    name: app\n    startCommand: uvicorn a.b:app\n')).toEqual([
      'job app |  | uvicorn a.b:app',
    ]);
  });

  it('Kubernetes: containers, their variables and mounts', () => {
    const text = `apiVersion: v1
kind: Pod
spec:
  containers:
    - name: web
      image: x
      workingDir: /app
      command: [python]
      args: [a.py]
      env: [{ name: DB, value: /data/k.db }]
      volumeMounts: [{ name: d, mountPath: /data }, { name: c, mountPath: /c, readOnly: true }]
  volumes: [{ name: d, hostPath: { path: /srv/d } }, { name: c, configMap: { name: c } }]
`;
    expect(commands(text)).toEqual(['container web | /app | python a.py']);
    expect(read(text).places[0]?.mounts).toMatchObject([
      { source: '/srv/d', target: '/data' },
      { source: 'c', target: '/c', named: true, readOnly: true },
    ]);
  });
});

describe('settings', () => {
  it('dotted keys; C23: words that only look like files are left', () => {
    const text =
      'db:\n  url: "sqlite:///x.db"\n  pool: 5\nlog:\n  handlers: [pkg.logs.Handler]\n  level: info\nsecret: !secret x\nother: !include y.yaml\n';
    const facts = read(text);
    expect(facts.read).toBe('structure');
    expect(facts.settings?.map((setting) => [setting.key, setting.v, said(text, setting)])).toEqual([
      ['db.url', 'sqlite:///x.db', '"sqlite:///x.db"'],
      ['log.handlers.0', 'pkg.logs.Handler', 'pkg.logs.Handler'],
      ['other', 'y.yaml', 'y.yaml'],
    ]);
    expect(facts.texts.map(({ v }) => v)).toEqual(['sqlite:///x.db']);
  });

  it('C21: templates and broken files are read by lines, and said to be', () => {
    const facts = read('{{- if .x }}\ndata:\n  url: sqlite:////data/h.db\n  b: {{ .Values.y }}\n{{- end }}\n');
    expect(facts).toMatchObject({ read: 'tokens' });
    expect(facts.problem).toMatch(/^line \d+: /);
    expect(facts.texts.map(({ v }) => v)).toEqual(['sqlite:////data/h.db']);
    expect(facts.settings?.map(({ key, v }) => [key, v])).toContainEqual(['url', 'sqlite:////data/h.db']);
  });

  it('lock files and data are not read', () => {
    expect(read("lockfileVersion: '9.0'\n")).toMatchObject({ read: 'none', generated: true });
    expect(read('a: b\n'.repeat(400_000))).toMatchObject({ read: 'none' });
  });

  it('aliases of aliases, and brackets without end, in bounded time', () => {
    const laughs = [
      'a0: &a0 [x.db, x.db]',
      ...Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`),
    ].join('\n');
    for (const text of [laughs, '['.repeat(100_000), '[a]\n'.repeat(50_000), `a: ${'{b: '.repeat(5000)}`]) {
      read(text);
    }
  });

  it('never throws', () => {
    const unit = fc.constantFrom(
      'a: ',
      '- ',
      '\n',
      '  ',
      '    ',
      '|',
      '>',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      '&x ',
      '*x',
      '<<: ',
      'services:',
      'image',
      'command: ',
      'jobs:',
      'steps:',
      'run: ',
      `\${{ matrix.a }}`,
      '!t ',
      '#',
      '---\n',
      '$$',
      'x.db',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 50 }), (units) => {
        const text = units.join('');
        const facts = read(text);
        for (const fact of [
          ...facts.texts,
          ...facts.commands,
          ...facts.variables,
          ...facts.references,
          ...facts.places,
          ...(facts.settings ?? []),
        ]) {
          expect(fact.at[0]).toBeGreaterThanOrEqual(0);
          expect(fact.at[1]).toBeLessThanOrEqual(text.length);
          expect(fact.at[1]).toBeGreaterThanOrEqual(fact.at[0]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
