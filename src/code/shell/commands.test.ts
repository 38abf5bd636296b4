import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommands, type ScriptFacts } from './commands.ts';

const read = (script: string): ScriptFacts => parseCommands(script, { line: 1, offset: 0, by: 'line' });
const words = (script: string): string[] => read(script).commands.map((command) => command.words.join(' '));
/** `cwd: words` of each command. */
const placed = (script: string): string[] =>
  read(script).commands.map(({ cwd, words: said }) => `${cwd ?? '.'}: ${said.join(' ')}`);
const by = (script: string): string[] =>
  read(script).commands.map((command) => `${command.by}: ${command.words.join(' ')}`);

describe('words', () => {
  it.each([
    ['python "a b.py" \'c d\' e\\ f', ['python', 'a b.py', 'c d', 'e f']],
    [`python "$DIR/x.py" \${A:-b c} $(date +%F)`, ['python', '$DIR/x.py', `\${A:-b c}`, '$(date +%F)']],
    ['python a.py \\\n  --db x.db # not this', ['python', 'a.py', '--db', 'x.db']],
    ["python -c $'a\\nb'", ['python', '-c', 'a\nb']],
    ['python a#b "say \\"hi\\""', ['python', 'a#b', 'say "hi"']],
    ['python x.py > out.log 2>&1 < in.txt', ['python', 'x.py']],
  ])('%s', (script, expected) => {
    expect(read(script).commands.at(-1)?.words).toEqual(expected);
  });

  it('takes an unclosed quote literally and says so', () => {
    const facts = read('python a.py\npython "b.py\npython c.py');
    expect(facts.problem).toMatch(/^line 2: /);
    expect(facts.commands[0]?.words).toEqual(['python', 'a.py']);
    expect(facts.commands.at(-1)?.words).toEqual(['python', 'c.py']);
  });
});

describe('working folders', () => {
  it.each([
    ['cd a && python x.py; python y.py', ['a: python x.py', 'a: python y.py']],
    ['(cd a && python x.py); python y.py', ['a: python x.py', '.: python y.py']],
    ['cd a && python x.py &\npython y.py', ['a: python x.py', '.: python y.py']],
    [
      'cd a\ncd b\npython x.py\ncd ..\npython y.py\ncd -\npython z.py',
      ['a/b: python x.py', 'a: python y.py', 'a/b: python z.py'],
    ],
    ['pushd a\npython x.py\npopd\npython y.py', ['a: python x.py', '.: python y.py']],
    ['cd /srv/app/../x && python x.py', ['/srv/x: python x.py']],
    ['cd "$ROOT/.." && python x.py', ['$ROOT/..: python x.py']],
    ['cd a/.. && python x.py', ['.: python x.py']],
    ['f() {\n cd a\n python x.py\n}\npython y.py', ['a: python x.py', '.: python y.py']],
    ['if cd a; then python x.py; else python y.py; fi', ['a: python x.py', 'a: python y.py']],
    ['npm --prefix web run dev; make -C lib all', ['web: npm run dev', 'lib: make all']],
  ])('%s', (script, expected) => {
    expect(placed(script)).toEqual(expected);
  });
});

describe('control flow', () => {
  it.each([
    ['for f in *.sql; do psql -f $f; done', ['psql -f $f']],
    ['while read l; do python a.py; done < x', ['python a.py']],
    [
      'case "$1" in\n start) python a.py ;;\n stop|end) python b.py ;;\nesac\npython c.py',
      ['python a.py', 'python b.py', 'python c.py'],
    ],
    ['if [ -f x ]; then python a.py; elif true; then python b.py; fi', ['python a.py', 'python b.py']],
    ['function go { python a.py; }\ngo', ['python a.py']],
    ['go() ( python a.py )\ngo', ['python a.py']],
    ['((i++)); [[ a && b ]] || python a.py', ['python a.py']],
    ['a=$(python a.py) ; echo `python b.py`', ['python a.py', 'python b.py']],
    ['echo "$(cd x && python a.py "$(python b.py)")"', ['python b.py', 'python a.py $(python b.py)']],
    ["cat <<'E' > x\npython no.py\nE\npython yes.py", ['cat', 'python yes.py']],
    ['python3 - <<EOF\nimport os\nEOF\npython b.py', ['python3 -', 'python b.py']],
    ['echo python no.py; command -v python', []],
  ])('%s', (script, expected) => {
    expect(words(script)).toEqual(expected);
  });
});

describe('variables', () => {
  it('keeps what is exported before, and what is set for one command', () => {
    const { commands, variables } = read(
      'export A=1\nB=2\nC=3 python x.py\nexport B\npython y.py\nunset A\npython z.py',
    );
    expect(commands.map(({ env }) => env)).toEqual([{ A: '1', C: '3' }, { A: '1', B: '2' }, { B: '2' }]);
    expect(variables.map(({ name, value }) => [name, value])).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
  });

  it('takes a quoted value for one command', () => {
    const [command] = read(`DB='a b.db' X="$Y" python x.py`).commands;
    expect(command).toMatchObject({ words: ['python', 'x.py'], env: { DB: 'a b.db', X: '$Y' } });
  });

  it.each([
    ['env A=1 B=2 python x.py', { A: '1', B: '2' }],
    ['sudo -u app A=1 python x.py', { A: '1' }],
    ['npx cross-env A=1 node x.js', { A: '1' }],
    ['set -a; A=1; set +a; B=2; python x.py', { A: '1' }],
  ])('%s', (script, expected) => {
    expect(read(script).commands.at(-1)?.env).toEqual(expected);
  });

  it.each([
    ['set -a; source .env; python x.py', ['.env']],
    ['dotenv -e .env.test -- python x.py', ['.env.test']],
    ['export $(grep -v "^#" config/.env | xargs) && python x.py', ['config/.env']],
    ['uv run --env-file .env.local python x.py', ['.env.local']],
    ['source venv/bin/activate; python x.py', undefined],
  ])('reads files of variables: %s', (script, expected) => {
    expect(read(script).commands.at(-1)?.envFiles).toEqual(expected);
    expect(words(script).at(-1)).toBe('python x.py');
  });
});

describe('commands in commands', () => {
  it.each([
    ['sudo nohup time python x.py', 'line: python x.py'],
    ['exec poetry run python x.py', 'line: python x.py'],
    ['poetry install', 'line: poetry install'],
    ['npm run dev', 'line: npm run dev'],
    ['npx -y tsx a.ts', 'line: tsx a.ts'],
    ['timeout 30 python x.py', 'line: python x.py'],
    ['wait-for-it db:5432 -t 30 -- python x.py', 'line: python x.py'],
    ['wait-for-it db:5432', 'line: wait-for-it db:5432'],
    ['bash -c "python x.py"', 'line: python x.py'],
    ['bash x.sh -c y', 'line: bash x.sh -c y'],
    ['nodemon --exec "tsx src/a.ts"', 'line: tsx src/a.ts'],
    ['nodemon --exec tsx src/a.ts', 'line: tsx src/a.ts'],
    ['nodemon src/a.js', 'line: nodemon src/a.js'],
    ['docker compose -f a.yml exec -T -e A=1 web flask db upgrade', 'service web: flask db upgrade'],
    ['docker-compose run --rm web python x.py', 'service web: python x.py'],
    ['docker exec -it web sh -c "python x.py"', 'service web: python x.py'],
    ['docker run --rm -v ./d:/data -w /app img:1 python x.py', 'container img:1: python x.py'],
    ['docker compose up -d', 'line: docker compose up -d'],
    ['docker build -t run .', 'line: docker build -t run .'],
    ['constructor run x', 'line: constructor run x'],
  ])('%s', (script, expected) => {
    expect(by(script)).toEqual([expected]);
  });

  it('does not take the shell’s folder and variables into a container', () => {
    const [command] = read('export A=1; cd x; docker exec -w /app -e B=2 web python x.py').commands;
    expect(command).toMatchObject({ by: 'service web', cwd: '/app', env: { B: '2' } });
    expect(command?.env).not.toHaveProperty('A');
  });

  it('keeps what `docker run` mounts', () => {
    expect(read('docker run -v "$PWD/d:/data:ro" -v vol:/x --env-file e.env img a').places).toMatchObject([
      {
        label: 'container img',
        mounts: [
          { source: '$PWD/d', target: '/data' },
          { source: 'vol', target: '/x', named: true },
        ],
        envFiles: [{ path: 'e.env' }],
      },
    ]);
  });

  it('reads what concurrently starts, each in its own folder', () => {
    expect(placed('concurrently -n a,b "cd api && python x.py" "npm:dev" "node y.js"')).toEqual([
      'api: python x.py',
      '.: npm run dev',
      '.: node y.js',
    ]);
  });
});

describe('what is named', () => {
  it('C3: modules that are run', () => {
    const modules = (script: string): unknown[] => read(script).imports.map(({ module, kind }) => [module, kind]);
    expect(modules('python -m pkg.tool x')).toEqual([['pkg.tool', 'text']]);
    expect(modules('gunicorn -b localhost:80 -w 4 pkg.wsgi:app')).toEqual([['pkg.wsgi', 'text']]);
    expect(modules('celery -A proj.tasks worker')).toEqual([['proj.tasks', 'text']]);
    expect(modules('python pkg.tool')).toEqual([]);
    expect(modules('curl -m 8 localhost:80')).toEqual([]);
  });

  it('C19: scripts that are run, copied, sourced', () => {
    const references = read(
      '. ./lib.sh\npython a/x.py\ncp a.py b.py\ncurl https://x.org/i.sh | bash\nrm gone.py\n./go.sh',
    ).references;
    expect(references.map(({ target, kind }) => [target, kind])).toEqual([
      ['./lib.sh', 'include'],
      ['a/x.py', 'script'],
      ['a.py', 'copy'],
      ['b.py', 'copy'],
      ['./go.sh', 'script'],
    ]);
  });

  it('stores, with the words around them left out', () => {
    const script = 'cp a.db "b c/../b.db"\nDB=x/y.db\npython x.py --db="$D/z.sqlite"\nrm -f old.db\necho data.db\n';
    const { texts } = read(script);
    expect(texts.map(({ v, at: [start, end] }) => [v, script.slice(start, end)])).toEqual([
      ['a.db', 'a.db'],
      ['x/y.db', 'x/y.db'],
      ['$D/z.sqlite', '"$D/z.sqlite"'],
      ['old.db', 'old.db'],
    ]);
    expect(texts[2]?.holes).toBe(true);
  });

  it('SQL on the command line, from a here-document and from a pipe', () => {
    const tables = (script: string): string[] =>
      read(script).sql.map(({ verb, table, line }) => `${verb} ${table} ${line}`);
    expect(tables('true\nsqlite3 data/x "SELECT * FROM users"')).toEqual(['select users 2']);
    expect(tables('psql -h x -tAc "delete from a"')).toEqual(['delete a 1']);
    expect(tables('sqlite3 x.db <<EOF\nINSERT INTO t VALUES (1);\nEOF')).toEqual(['insert t 2']);
    expect(tables('echo "select 1 from p" | mysql -u root db')).toEqual(['select p 1']);
    expect(tables('echo "select 1 from p"')).toEqual([]);
  });

  it('S11: the first word of sqlite3 is a store whatever it is called', () => {
    expect(read('sqlite3 data/main ".tables"').texts.map(({ v }) => v)).toEqual(['data/main']);
    expect(read('sqlite3 :memory: "select 1"').texts).toEqual([]);
  });
});

describe('places', () => {
  it('spans point to what is written, also through quotes of quotes', () => {
    const script = `bash -c "python 'x y.py' && sh -c \\"python z.py\\""`;
    const { references } = read(script);
    expect(references.map(({ target, at: [start, end] }) => [target, script.slice(start, end)])).toEqual([
      ['z.py', 'z.py'],
    ]);
  });

  it('offset and line are added', () => {
    const { commands } = parseCommands('true\npython x.py', { line: 10, offset: 100, by: 'docs', weak: true });
    expect(commands[0]).toMatchObject({ at: [105, 116, 11], weak: true, by: 'docs' });
  });

  it('never throws, and keeps every span inside', () => {
    const unit = fc.constantFrom(
      ...'abc ./=$(){}`\'"\\;|&<>\n#-',
      'cd ',
      'if ',
      'case ',
      ' in ',
      'esac',
      '<<E\n',
      'E\n',
      'bash -c ',
      'x.db ',
      'sqlite3 ',
      'docker exec ',
      '$((',
      'for ',
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
        const script = units.join('');
        const { commands, texts, references, variables } = read(script);
        for (const { at } of [...commands, ...texts, ...references, ...variables]) {
          expect(at[0]).toBeGreaterThanOrEqual(0);
          expect(at[1]).toBeGreaterThanOrEqual(at[0]);
          expect(at[1]).toBeLessThanOrEqual(script.length);
          expect(at[2]).toBe(script.slice(0, at[0]).split('\n').length);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('bounded time for what never closes', () => {
    for (const script of [
      '$('.repeat(50_000),
      '"'.repeat(50_001),
      `${'sudo '.repeat(50_000)}x`,
      'cd a\n'.repeat(20_000),
    ]) {
      read(script);
    }
  });
});
