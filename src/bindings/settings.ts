/** Stores that a framework opens because a setting names them: Flask-SQLAlchemy, Django, Prisma, Alembic. */
import type { Assign } from '../code/facts.ts';
import type { Evaluator } from './evaluate.ts';
import { apply, hole, type Symbolic, text } from './symbol.ts';
import { asSymbol, type Opening, type Value } from './value.ts';

export function settingsOpenings(evaluator: Evaluator, file: string): readonly Opening[] {
  const facts = evaluator.program.facts(file);
  if (facts.language === 'prisma') return prisma(evaluator, file);
  if (facts.language === 'ini' || facts.language === 'toml') return iniUrls(evaluator, file);
  const found: Opening[] = [];
  for (const assign of facts.assigns) {
    if (/(?:^|\.|\[")SQLALCHEMY_DATABASE_URI(?:"\])?$/.test(assign.to)) found.push(...flask(evaluator, file, assign));
    if (assign.to === 'DATABASES') found.push(...django(evaluator, file, assign));
  }
  return found;
}

const read = (evaluator: Evaluator, file: string, assign: Assign): Value =>
  evaluator.evaluate(assign.value, { file, scope: assign.scope, before: assign.at[0], line: assign.at[2] });

/** A relative path counts from the application's `instance/` folder (Flask-SQLAlchemy 3) or from its own (2). */
function flask(evaluator: Evaluator, file: string, assign: Assign): readonly Opening[] {
  const value = read(evaluator, file, assign);
  if (value.v === 'nothing') return [];
  const base = flaskFolder(evaluator);
  const symbol = asSymbol(value);
  return [
    {
      file,
      start: assign.at[0],
      line: assign.at[2],
      rule: 'flask_sqlalchemy',
      engine: 'url',
      form: 'url',
      target: symbol,
      creates: true,
      ...(base === undefined ? {} : { base }),
    },
  ];
}

function flaskFolder(evaluator: Evaluator): Symbolic | undefined {
  const { program } = evaluator;
  const site = program.callsNamed('Flask').find(({ call }) => call.args.length > 0);
  if (site === undefined) return undefined;
  const own = apply('python-dirname', { s: 'place', file: site.file });
  const instance = site.call.named?.instance_path;
  if (instance !== undefined)
    return asSymbol(evaluator.evaluate(instance, { file: site.file, scope: site.scope, before: site.call.at[0] }));
  const requirements = [...program.tree.paths].filter((path) => /(?:^|\/)requirements[\w.-]*\.txt$/.test(path));
  const old = requirements.some((path) =>
    /^flask[-_]sqlalchemy\s*(?:==|~=|<=|<)\s*(?:[012]\.|3\.0\.0$)/im.test(program.tree.readText(path) ?? ''),
  );
  if (old) return own;
  const folder = site.file.endsWith('/__init__.py') ? apply('python-dirname', own) : own;
  return apply('python-join', folder, text('instance'));
}

function django(evaluator: Evaluator, file: string, assign: Assign): readonly Opening[] {
  const value = read(evaluator, file, assign);
  if (value.v !== 'map') return [];
  const found: Opening[] = [];
  for (const settings of value.entries.values()) {
    if (settings.v === 'connection') {
      found.push(...settings.openings);
      continue;
    }
    if (settings.v !== 'map') continue;
    const engine = plain(settings.entries.get('ENGINE')) ?? '';
    const name = settings.entries.get('NAME');
    const base = { file, start: assign.at[0], line: assign.at[2], rule: 'django' };
    if (engine.endsWith('sqlite3')) {
      found.push({
        ...base,
        engine: 'sqlite',
        form: 'path',
        target: name === undefined ? undefined : asSymbol(name),
        creates: true,
      });
      continue;
    }
    const kind = engine.includes('postg')
      ? 'postgresql'
      : engine.includes('mysql')
        ? 'mysql'
        : engine.includes('oracle')
          ? 'oracle'
          : '';
    if (kind === '') continue;
    const host = settings.entries.get('HOST');
    found.push({
      ...base,
      engine: kind,
      form: 'url',
      creates: false,
      target: apply(
        'concat',
        text(`${kind}://`),
        host === undefined ? text('localhost') : asSymbol(host),
        text('/'),
        name === undefined ? hole('NAME') : asSymbol(name),
      ),
    });
  }
  return found;
}

function plain(value: Value | undefined): string | undefined {
  if (value?.v !== 'symbol') return undefined;
  let symbol = value.symbol;
  for (;;) {
    if (symbol.s === 'from') symbol = symbol.value;
    else if (symbol.s === 'or') symbol = symbol.b;
    else return symbol.s === 'text' ? symbol.v : undefined;
  }
}

/** `url = env("X")` or a text; `file:` counts from the folder of the schema. */
function prisma(evaluator: Evaluator, file: string): readonly Opening[] {
  const { settings = [] } = evaluator.program.facts(file);
  const found: Opening[] = [];
  for (const { key, v, at } of settings) {
    const name = /^datasource\.(\w+)\.url$/.exec(key)?.[1];
    if (name === undefined) continue;
    const provider =
      settings.find((one) => one.key === `datasource.${name}.provider`)?.v.replace(/^"|"$/g, '') ?? 'url';
    const variable = /^env\(\s*["'](\w+)["']\s*\)$/.exec(v)?.[1];
    const target: Symbolic =
      variable === undefined
        ? text(v.replace(/^"|"$/g, ''))
        : { s: 'env', name: variable, source: evaluator.program.source(file, at[2]) };
    found.push({
      file,
      start: at[0],
      line: at[2],
      rule: 'prisma',
      engine: provider,
      form: 'url',
      target,
      creates: true,
      base: apply('node-dirname', { s: 'place', file }),
    });
  }
  return found;
}

/** alembic.ini: `sqlalchemy.url`. */
function iniUrls(evaluator: Evaluator, file: string): readonly Opening[] {
  const { settings = [] } = evaluator.program.facts(file);
  return settings
    .filter(({ key, v }) => /(?:^|\.)sqlalchemy\.url$/.test(key) && v !== '' && !v.startsWith('driver://'))
    .map(({ v, at }) => ({
      file,
      start: at[0],
      line: at[2],
      rule: 'alembic',
      engine: 'url',
      form: 'url' as const,
      // `%(here)s` is the folder of the file.
      target: apply(
        'concat',
        ...v
          .split(/(%\(here\)s|%\(\w+\)s)/)
          .map(
            (part): Symbolic =>
              part === '%(here)s'
                ? apply('python-dirname', { s: 'place', file })
                : part.startsWith('%(')
                  ? hole(part)
                  : text(part.replaceAll('%%', '%')),
          ),
      ),
      creates: true,
    }));
}
