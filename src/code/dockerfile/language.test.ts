import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import { dockerfile } from './language.ts';

const read = (text: string): FileFacts => dockerfile.structure(text, 'Dockerfile');
const commands = (text: string): string[] =>
  read(text).commands.map(({ by, cwd, words }) => `${by} | ${cwd ?? ''} | ${words.join(' ')}`);

const FILE = `# syntax=docker/dockerfile:1
ARG PY=3.12
FROM python:\${PY} AS base
ENV HOME_DIR=/srv DB="sqlite:////srv/a b.db"
WORKDIR $HOME_DIR
WORKDIR app
FROM base AS build
RUN --mount=type=cache,target=/x \\
    # not a command
    pip install x && \\

    cd sub && python setup.py
COPY --chown=a:b requirements.txt ["a b.txt", "./"]
COPY src/ data/seed.db ./src/
FROM base
ARG MODE=prod
ARG OPEN
COPY --from=build --chown=a:a /srv/app /srv/app
COPY --from=nginx:1 /etc/x /etc/x
ENTRYPOINT ["python", "-m"]
CMD ["pkg.main", "--x y"]
HEALTHCHECK --interval=5s CMD sqlite3 /data/h.db 'select 1 from t'
`;

describe('Dockerfile', () => {
  const facts = read(FILE);

  it('one place per stage, folders inherited and joined', () => {
    expect(facts.read).toBe('structure');
    expect(facts.places.map(({ label, image, from, workdir }) => [label, image, from, workdir])).toEqual([
      ['stage base', 'python:3.12', undefined, '/srv/app'],
      ['stage build', 'base', 'stage base', '/srv/app'],
      ['stage 2', 'base', 'stage base', '/srv/app'],
    ]);
  });

  it('C19: copies are references, those from other stages are not', () => {
    expect(facts.places[1]?.copies).toMatchObject([
      { from: ['requirements.txt', '[a b.txt,'].slice(0, 2), to: './]' },
      { from: ['src/', 'data/seed.db'], to: './src/' },
    ]);
    expect(facts.places[2]?.copies).toMatchObject([
      { from: ['/srv/app'], to: '/srv/app', stage: 'stage build' },
      { from: ['/etc/x'], stage: 'nginx:1' },
    ]);
    const copied = facts.references.filter(({ kind }) => kind === 'copy');
    for (const { target, at } of copied.slice(-2)) expect(FILE.slice(at[0], at[1])).toBe(target);
    expect(copied.map(({ target }) => target)).not.toContain('/srv/app');
    expect(facts.texts.map(({ v }) => v)).toContain('data/seed.db');
  });

  it('the JSON form of COPY', () => {
    const text = 'FROM a\nCOPY ["a b.txt", "c.db", "./"]\n';
    const [reference] = read(text).references;
    expect(reference && text.slice(reference.at[0], reference.at[1])).toBe('a b.txt');
    expect(read(text).places[0]?.copies).toMatchObject([{ from: ['a b.txt', 'c.db'], to: './' }]);
  });

  it('variables by stage; ARG without a value is open', () => {
    expect(facts.variables.map(({ name, value, by }) => [name, value, by])).toEqual([
      ['PY', '3.12', ''],
      ['HOME_DIR', '/srv', 'stage base'],
      ['DB', 'sqlite:////srv/a b.db', 'stage base'],
      ['MODE', 'prod', 'stage 2'],
      ['OPEN', null, 'stage 2'],
    ]);
    expect(read('FROM a\nENV OLD one two\n').variables[0]).toMatchObject({ name: 'OLD', value: 'one two' });
  });

  it('commands: what is built, what is started, what is checked', () => {
    expect(commands(FILE)).toEqual([
      'build 1 | /srv/app | pip install x',
      'build 1 | /srv/app/sub | python setup.py',
      'health 2 | /srv/app | sqlite3 /data/h.db select 1 from t',
      'stage 2 | /srv/app | python -m pkg.main --x y',
    ]);
    expect(facts.imports.map(({ module }) => module)).toEqual(['pkg.main']);
    expect(facts.sql).toMatchObject([{ table: 't' }]);
  });

  it.each([
    ['FROM a\nCMD python x.py && y', ['stage 0 |  | python x.py', 'stage 0 |  | y']],
    ['FROM a\nENTRYPOINT python x.py\nCMD ["ignored"]', ['stage 0 |  | python x.py']],
    [
      'FROM a\nENTRYPOINT ["./entry.sh"]\nCMD ["python", "x.py"]',
      ['stage 0 |  | ./entry.sh python x.py', 'stage 0 |  | python x.py'],
    ],
    ['FROM a\nCMD ["sh", "-c", "cd d && python x.py"]', ['stage 0 | d | python x.py']],
    ['FROM a\nCMD ["python", "it\'s.py"]', ["stage 0 |  | python it's.py"]],
    [
      'FROM a\nRUN <<EOF\npip install x\npython y.py\nEOF\nCMD z',
      ['build 0 |  | pip install x', 'build 0 |  | python y.py', 'stage 0 |  | z'],
    ],
    ['# escape=`\nFROM a\nRUN python a.py `\n  --x\nCMD z', ['build 0 |  | python a.py --x', 'stage 0 |  | z']],
    ['FROM a AS b\nCMD python x.py\nFROM b\nRUN true', ['stage b |  | python x.py', 'stage 1 |  | python x.py']],
  ])('%j', (text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  it('C21: what is no Dockerfile is said to be none', () => {
    expect(read('hello\nworld')).toMatchObject({ read: 'tokens' });
    expect(read('')).toMatchObject({ read: 'tokens' });
  });
});
