import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoreProcess } from '../../test/store-process.ts';
import { treeHash } from '../../test/tree-hash.ts';
import type { CheckConfig } from '../config/config.ts';
import { type Copies, openCopies } from '../copy/copies.ts';
import { realDisk } from '../disk/real-disk.ts';
import { expectRows } from '../stores/sqlite/expect-rows.ts';
import { compareChecks } from './compare-checks.ts';
import type { CheckOutcome } from './model.ts';
import { type ChecksRequest, runChecks } from './run-checks.ts';
import { runMeasures } from './run-measures.ts';

let parent: string;
let root: string;
let copies: Copies;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), 'checks-')));
  root = join(parent, 'kiosk');
  mkdirSync(join(root, 'data'), { recursive: true });
  mkdirSync(join(parent, 'state'));
  copies = openCopies(realDisk, join(parent, 'state', 'copies'));
});
afterEach(() => {
  copies.close();
  rmSync(parent, { recursive: true });
});

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const request = (more: Partial<ChecksRequest> = {}): ChecksRequest => ({
  disk: realDisk,
  root,
  tree: root,
  copies,
  env: process.env,
  storeVariables: new Set(),
  consent: true,
  checks: {},
  // The product asks a child process; the files here are copies that nobody else has open.
  expect: async (file, sql, limit) => {
    try {
      return expectRows(file, sql, limit);
    } catch (error) {
      return { error: (error as Error).message };
    }
  },
  ...more,
});
const command = (run: string, timeout = 20): CheckConfig => ({ kind: 'command', run, timeout });
/** Runs one check; whatever it does, the project is as it was unless it says so. */
const check = async (one: CheckConfig, more: Partial<ChecksRequest> = {}): Promise<CheckOutcome> => {
  const before = treeHash(root);
  const [outcome] = await runChecks(request({ checks: { it: one }, ...more }));
  if (outcome === undefined) throw new RangeError('no outcome');
  if (outcome.wrote === undefined) expect(treeHash(root)).toEqual(before);
  expect(
    readdirSync(join(parent, 'state', 'copies')).flatMap((name) => readdirSync(join(parent, 'state/copies', name))),
  ).toEqual([]);
  return outcome;
};

describe('commands', () => {
  it('run in a copy of their own: what they write there is gone', async () => {
    write('data/hub.txt', 'rows');
    expect(await check(command('rm -r data && echo x > new && test ! -e data/hub.txt'))).toMatchObject({
      ok: true,
      said: 'passed',
    });
    expect(readFileSync(join(root, 'data/hub.txt'), 'utf8')).toBe('rows');
  });

  it('that fail say how, with the end of their output', async () => {
    const outcome = await check(
      command('for i in $(seq 100); do echo line $i; done; echo "in $PWD/app.py" >&2; exit 3'),
    );
    expect(outcome).toMatchObject({ ok: false, said: 'ended with 3' });
    expect(outcome.output).toHaveLength(40);
    expect(outcome.output?.[0]).toBe('line 62');
    expect(outcome.output?.at(-1)).toBe('in app.py');
  });

  it('that pass say nothing of their output', async () => {
    expect((await check(command('echo hello'))).output).toBeUndefined();
  });

  it('that hang are ended', async () => {
    const outcome = await check(command('trap "" TERM INT HUP; while :; do sleep 1; done', 0.5));
    expect(outcome).toMatchObject({ ok: false, said: 'did not end within 0.5 s' });
    expect(outcome.seconds).toBeLessThan(5);
  });

  it('that ask get no answer and do not wait for one', async () => {
    expect(await check(command('read answer; echo "got $answer"; exit 4'))).toMatchObject({
      said: 'ended with 4',
      output: ['got'],
    });
  });

  it('leave nobody behind: not in their group, and not out of it', async () => {
    const pidfile = join(parent, 'pid');
    await check(
      command(
        `(sleep 300 & echo $! > ${pidfile}.1); setsid sh -c 'echo $$ > ${pidfile}.2; exec sleep 300' < /dev/null & while [ ! -s ${pidfile}.2 ]; do sleep 0.02; done`,
      ),
    );
    for (const n of [1, 2]) {
      const pid = readFileSync(`${pidfile}.${n}`, 'utf8').trim();
      const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : 'State:\tZ';
      expect(status).toMatch(/State:\s+[ZX]/);
    }
  });

  it('that print without end are kept short', async () => {
    const outcome = await check(command('yes | head -c 30000000; exit 1'));
    expect(outcome.output).toHaveLength(40);
  }, 60_000);

  it('are not run where nobody agreed to', async () => {
    expect(await check(command(`touch ${parent}/ran`), { consent: false })).toMatchObject({
      ok: null,
      said: /nobody agreed/ as never,
    });
    expect(existsSync(join(parent, 'ran'))).toBe(false);
  });

  it('Ctrl-C ends them and leaves nothing', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    await expect(
      runChecks(request({ checks: { it: command('sleep 60') }, signal: controller.signal })),
    ).rejects.toThrow();
    expect(readdirSync(join(parent, 'state', 'copies')).length).toBe(1);
  });
});

describe('escapes (DSP-CHECK-ESCAPED)', () => {
  it('a write into the project is seen, and the check has failed', async () => {
    write('data/hub.txt', 'rows');
    const outcome = await check(command(`echo more >> ${root}/data/hub.txt; touch ${root}/data/new; exit 0`));
    expect(outcome).toMatchObject({ ok: false, wrote: ['data/hub.txt', 'data/new'] });
    expect(compareChecks([outcome], [outcome]).results).toMatchObject([
      { ok: false, why: expect.stringContaining('ESCAPED') },
    ]);
  });

  it('so is one through a link that leads out of the project', async () => {
    writeFileSync(join(parent, 'shared.txt'), 'x');
    symlinkSync('../shared.txt', join(root, 'shared.txt'));
    expect(await check(command('echo y >> shared.txt'))).toMatchObject({
      ok: false,
      wrote: [join(parent, 'shared.txt')],
    });
  });

  it('a content that was put back leaves its trace', async () => {
    write('data/hub.txt', 'rows');
    const outcome = await check(
      command(
        `cp -p ${root}/data/hub.txt /tmp/x$$; echo y > ${root}/data/hub.txt; cp -p /tmp/x$$ ${root}/data/hub.txt; rm /tmp/x$$`,
      ),
    );
    expect(outcome.wrote).toEqual(['data/hub.txt']);
  });

  it('what another program writes meanwhile is nobody’s fault, and not verified', async () => {
    const log = join(root, 'data/app.log');
    writeFileSync(log, '');
    const app = spawn('/bin/sh', ['-c', `exec 3>> ${log}; while :; do echo x >&3; sleep 0.02; done`], {
      stdio: 'ignore',
    });
    try {
      const [outcome] = await runChecks(request({ checks: { it: command('sleep 0.3') } }));
      expect(outcome).toMatchObject({ ok: true, unclear: ['data/app.log'] });
      expect(compareChecks([], outcome === undefined ? [] : [outcome]).notVerified).toMatchObject([
        { what: /app\.log/ as never },
      ]);
    } finally {
      app.kill('SIGKILL');
    }
  });

  it('a settings file that names the project by its absolute path: not run, with the line', async () => {
    write('.env', `# ${root}/old\nMODE=dev\nDATABASE=${root}/data/hub.db\n`);
    expect(await check(command('true'))).toMatchObject({
      ok: null,
      said: 'not run: .env:3 names the project by its absolute path',
    });
    write('.env', `DATABASE=${root}-old/data/hub.db\n`);
    expect(await check(command('true'))).toMatchObject({ ok: true });
  });
});

describe('the environment', () => {
  const env = { PATH: process.env.PATH, HOME: '/home/ada', EDITOR: 'vi' };

  it('leads into the copy', async () => {
    const more = {
      env: { ...env, DATA_DIR: join(root, 'data'), PYTHONPATH: `${root}/lib:/opt/lib`, NEAR: `${root}-2/x` },
    };
    const run = `
      [ "$DATA_DIR" = "$(pwd)/data" ] && [ "$PYTHONPATH" = "$(pwd)/lib:/opt/lib" ] && [ "$NEAR" = "${root}-2/x" ] &&
      [ "$EDITOR" = vi ] && [ "$HOME" != /home/ada ] && [ -d "$HOME" ] && [ -w "$TMPDIR" ] && [ "$CI" = 1 ] && [ "$PWD" = "$(pwd)" ]`;
    expect(await check(command(run), more)).toMatchObject({ ok: true });
  });

  it('leads to no live store elsewhere', async () => {
    const more = {
      env: { ...env, DATABASE_URL: 'postgres://ada:geheim99@db/live', HUB: `${root}/data/hub.db` },
      storeVariables: new Set(['DATABASE_URL', 'HUB']),
    };
    expect(await check(command('[ -z "$DATABASE_URL" ] && [ "$HUB" = "$PWD/data/hub.db" ]'), more)).toMatchObject({
      ok: true,
    });
  });

  it('has no git of ours', async () => {
    const more = { env: { ...env, GIT_DIR: '/nowhere', npm_config_x: 'y', XDG_STATE_HOME: '/home/ada/state' } };
    expect(
      await check(command('[ -z "$GIT_DIR$npm_config_x" ] && [ "$XDG_STATE_HOME" != /home/ada/state ]'), more),
    ).toMatchObject({ ok: true });
  });

  it('virtual environments import the copy, not the project', async () => {
    write('app/__init__.py', 'WHERE = __file__\n');
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(root, '.venv')]);
    const [version = ''] = readdirSync(join(root, '.venv/lib'));
    write(`.venv/lib/${version}/site-packages/editable.pth`, `${root}\n`);
    write('.venv/bin/tool', `#!${root}/.venv/bin/python\nimport app; print(app.WHERE)\n`);
    execFileSync('chmod', ['+x', join(root, '.venv/bin/tool')]);
    const run = 'here=$(pwd); cd /; [ "$($here/.venv/bin/tool)" = "$here/app/__init__.py" ]';
    expect(await check(command(run))).toMatchObject({ ok: true });
  });
});

describe('secrets', () => {
  it('stand in no output', async () => {
    const env = { PATH: process.env.PATH, API_TOKEN: 'tok-verysecret-1' };
    const run = [
      'echo "token tok-verysecret-1"',
      'echo "postgres://ada:geheim@db/x"',
      'echo "password = \\"hunter22\\""',
      'echo "hash \\$2b\\$12\\$abcdefghijklmnopqrstuv"',
      'echo "Authorization: Bearer abcdef123456"',
      'echo "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_def"',
      'printf "\\033[31mred\\033[0m\\n"',
      'exit 1',
    ].join('; ');
    const text = (await check(command(run), { env })).output?.join('\n') ?? '';
    expect(text).not.toMatch(/verysecret|geheim|hunter22|abcdefghij|abcdef123456|eyJ/);
    expect(text).not.toContain(String.fromCharCode(27));
    expect(text).toMatch(/\*\*\*/);
    expect(text).toMatch(/^red$/m);
  });
});

describe('expectations of a store', () => {
  const sql = (text: string, is: string | number | null): CheckConfig => ({
    kind: 'sql',
    store: 'data/hub.db',
    sql: text,
    is,
  });
  beforeEach(async () => {
    const store = openStoreProcess(join(root, 'data/hub.db'));
    await store.run('PRAGMA journal_mode = WAL');
    await store.run('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)');
    await store.run("INSERT INTO users (name) VALUES ('ada'), ('bob')");
    await store.close();
  });

  it.each([
    ['select count(*) from users', 2, true, '2'],
    ['select count(*) from users', 15, false, '2 instead of 15'],
    ['select name from users where id = 1', 'ada', true, 'the expected text'],
    ['select name from users where id = 2', 'ada', false, 'another text instead of the expected text'],
    ['select null', null, true, 'NULL'],
    ['select null', 1, false, 'NULL instead of 1'],
    ['select id from users', 1, false, 'several rows instead of one value'],
    ['select id, name from users where id = 1', 1, false, '2 columns instead of one value'],
    ['select id from users where 0', 1, false, 'no row instead of one value'],
  ])('%s is %s: %s', async (text, is, ok, said) => {
    expect(await check(sql(text, is))).toMatchObject({ ok, said });
  });

  it('need no consent, write nothing, and say what SQLite says', async () => {
    expect(await check(sql('select count(*) from users', 2), { consent: false })).toMatchObject({ ok: true, value: 2 });
    expect(await check(sql('select count(*) from nobody', 2))).toMatchObject({
      ok: false,
      said: /no such table: nobody/ as never,
    });
    expect(await check(sql('delete from users returning 2', 2))).toMatchObject({ ok: false });
  });

  it('follow a store that moved', async () => {
    const outcome = await check(
      { kind: 'sql', store: 'old.db', sql: 'select count(*) from users', is: 2 },
      { storeAt: () => 'data/hub.db' },
    );
    expect(outcome).toMatchObject({ ok: true });
    expect(await check({ kind: 'sql', store: 'old.db', sql: 'select 1', is: 1 })).toMatchObject({
      said: 'there is no old.db',
    });
    expect(await check({ kind: 'sql', store: '../x.db', sql: 'select 1', is: 1 })).toMatchObject({
      ok: false,
      said: '../x.db is not in the project',
    });
  });
});

describe('programs that answer', () => {
  const SERVER = `
    const { createServer } = require('node:http');
    createServer((request, response) => {
      if (request.url === '/health') return response.end('ok');
      if (request.url === '/login' && request.method === 'POST') {
        let body = '';
        request.on('data', (chunk) => { body += chunk; });
        return request.on('end', () => {
          const ok = JSON.parse(body).user === 'ada';
          response.writeHead(ok ? 204 : 401, ok ? { 'set-cookie': 'session=s3; Path=/' } : {}).end();
        });
      }
      if (request.url === '/me') return response.writeHead(request.headers.cookie === 'session=s3' ? 200 : 403).end();
      if (request.url === '/old') return response.writeHead(302, { location: '/health' }).end();
      response.writeHead(404).end();
    }).listen(Number(process.env.HUB_PORT), '127.0.0.1');`;
  const http = (more: Partial<Extract<CheckConfig, { kind: 'http' }>> = {}): CheckConfig => ({
    kind: 'http',
    start: `exec ${process.execPath} server.cjs`,
    port: 'HUB_PORT',
    ready: '/health',
    requests: [],
    timeout: 20,
    ...more,
  });
  beforeEach(() => write('server.cjs', SERVER));

  it('a log-in counts for what follows', async () => {
    const outcome = await check(
      http({
        requests: [
          { method: 'GET', path: '/me', status: 403 },
          { method: 'POST', path: '/login', json: { user: 'ada' }, status: 204 },
          { method: 'GET', path: '/me', status: 200 },
          { method: 'GET', path: '/old', status: 302 },
        ],
      }),
    );
    expect(outcome).toMatchObject({ ok: true, said: '4 of 4 requests as expected' });
  });

  it('another status is said', async () => {
    const requests = [{ method: 'GET' as const, path: '/rooms', status: 200 }];
    expect(await check(http({ requests }))).toMatchObject({ ok: false, said: 'GET /rooms: 404 instead of 200' });
  });

  it('one that does not start says why; one that never answers is ended', async () => {
    expect(await check(http({ start: 'echo no module; exit 7' }))).toMatchObject({
      ok: false,
      said: 'ended with 7 before it answered /health',
      output: ['no module'],
    });
    expect(await check(http({ start: 'sleep 60', timeout: 0.5 }))).toMatchObject({
      ok: false,
      said: 'did not answer /health within 0.5 s',
    });
  });
});

describe('measures', () => {
  const measure = async (of: 'seconds' | 'memory', before: string, after: string) => {
    const tree = (name: string, text: string): string => {
      const dir = join(parent, name, 'kiosk');
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, 'boot.sh'), text);
      return dir;
    };
    const measures = { boot: { run: 'sh boot.sh', of, tolerance: 0.2, timeout: 20 } };
    const [outcome] = await runMeasures({
      ...request(),
      before: tree('a', before),
      after: tree('b', after),
      measures,
      runs: 3,
    });
    return outcome;
  };

  it('much slower is not ok, as fast is', async () => {
    expect(await measure('seconds', 'sleep 0.1', 'sleep 0.5')).toMatchObject({ ok: false, why: 'more than 20% worse' });
    expect(await measure('seconds', 'sleep 0.5', 'sleep 0.1')).toMatchObject({ ok: true });
  });

  it('memory is that of everything that was started', async () => {
    const hold = (mb: number) =>
      `${process.execPath} -e 'const b = Buffer.alloc(${mb}e6, 1); setTimeout(() => b, 200)'`;
    const outcome = await measure('memory', hold(1), hold(150));
    expect(outcome).toMatchObject({ ok: false });
    expect((outcome?.after ?? 0) - (outcome?.before ?? 0)).toBeGreaterThan(100e6);
  });

  it('one that fails after is not ok; one that failed before as well is as before', async () => {
    expect(await measure('seconds', 'true', 'exit 3')).toMatchObject({ ok: false, after: null, why: 'ended with 3' });
    expect(await measure('seconds', 'exit 3', 'exit 3')).toMatchObject({ ok: true, why: 'ended with 3, as before' });
    expect(await measure('seconds', 'exit 3', 'true')).toMatchObject({ ok: true, before: null });
  });
});
