/** Stores that a framework opens because a setting names them: Flask-SQLAlchemy, Django, Prisma, Alembic. */
import { callsOf } from '../code/calls.ts';
import type { Assign } from '../code/facts.ts';
import type { Evaluator } from './evaluate.ts';
import { purposeOf } from './purpose.ts';
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
  const { program } = evaluator;
  const value = read(evaluator, file, assign);
  if (value.v === 'nothing') return [];
  const apps = program.callsNamed('Flask').filter(({ call }) => call.args.length > 0);
  // An application that never loads the library has a setting that nobody reads.
  if (apps.length > 0 && !program.uses('flask_sqlalchemy')) return [];
  const app = nearestApp(evaluator, file, apps);
  const base = app === undefined ? undefined : flaskFolder(evaluator, app);
  const owner = program.facts(file).scopes[assign.scope];
  // One of several classes of settings: which one is loaded is said elsewhere.
  const isOneOfSeveral =
    owner?.kind === 'class' &&
    program.facts(file).assigns.some(({ to, scope }) => to === assign.to && scope !== assign.scope);
  return [
    {
      file,
      start: assign.at[0],
      line: assign.at[2],
      rule: 'flask_sqlalchemy',
      engine: 'url',
      form: 'url',
      target: asSymbol(value),
      creates: true,
      ...(base === undefined ? {} : { base }),
      ...(isOneOfSeveral ? { when: `${owner.name} is the configuration in use` } : {}),
    },
  ];
}

type App = ReturnType<Evaluator['program']['callsNamed']>[number];

/** The application that reads a setting: made in the same file, else in one that loads it, else in the nearest folder. */
function nearestApp({ program }: Evaluator, file: string, apps: readonly App[]): App | undefined {
  const own = apps.find((app) => app.file === file);
  if (own !== undefined) return own;
  const real = apps.filter((app) => purposeOf(app.file) !== 'test');
  const among = real.length > 0 ? real : apps;
  const leading = program.leadingTo(file);
  const loading = among.filter((app) => leading.has(app.file));
  const near = loading.length > 0 ? loading : among;
  return near.reduce<App | undefined>(
    (best, app) => (best === undefined || shared(app.file, file) > shared(best.file, file) ? app : best),
    undefined,
  );
}

/** Folders that two paths have in common. */
function shared(a: string, b: string): number {
  const one = a.split('/').slice(0, -1);
  const other = b.split('/').slice(0, -1);
  const differs = one.findIndex((folder, index) => folder !== other[index]);
  return differs < 0 ? one.length : differs;
}

function flaskFolder(evaluator: Evaluator, site: App): Symbolic {
  const { program } = evaluator;
  const own = apply('python-dirname', { s: 'place', file: site.file });
  const instance = site.call.named?.instance_path;
  if (instance !== undefined)
    return asSymbol(evaluator.evaluate(instance, { file: site.file, scope: site.scope, before: site.call.at[0] }));
  const requirements = [...program.tree.paths].filter((path) => /(?:^|\/)requirements[\w.-]*\.txt$/.test(path));
  // What the application's own folder asks for counts, not what another part of the project does.
  const most = Math.max(0, ...requirements.map((path) => shared(path, site.file)));
  const old = requirements.some(
    (path) =>
      shared(path, site.file) === most &&
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

/** What a client of Prisma made in `file` opens: the source of the nearest schema. */
export function prismaSource(evaluator: Evaluator, file: string): Opening | undefined {
  let best: { readonly opening: Opening; readonly depth: number } | undefined;
  for (const [path, { language }] of evaluator.program.tree.facts) {
    if (language !== 'prisma') continue;
    const [opening] = prisma(evaluator, path);
    // A schema lies in a folder of its own (`prisma/`): what counts is the package that holds it.
    const depth = shared(path, file) * 100 - path.split('/').length;
    if (opening !== undefined && (best === undefined || depth > best.depth)) best = { opening, depth };
  }
  return best?.opening;
}

/** alembic.ini: `sqlalchemy.url`, unless the `env.py` that Alembic runs puts another address in its place. */
function iniUrls(evaluator: Evaluator, file: string): readonly Opening[] {
  const { settings = [] } = evaluator.program.facts(file);
  const env = alembicEnv(evaluator, file);
  const replaced = env === undefined ? undefined : replacedUrl(evaluator, env);
  return settings
    .filter(({ key, v }) => /(?:^|\.)sqlalchemy\.url$/.test(key) && v !== '' && !v.startsWith('driver://'))
    .map(({ v, at }) => {
      // `%(here)s` is the folder of the file.
      const written = apply(
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
      );
      const other = replaced === undefined ? undefined : asSymbol(replaced.value);
      const isRead = other !== undefined && other.s !== 'hole';
      return {
        file,
        start: at[0],
        line: at[2],
        rule: 'alembic',
        engine: 'url',
        form: 'url' as const,
        target: isRead
          ? ({
              s: 'or',
              a: other,
              b: { s: 'from', value: written, source: evaluator.program.source(file, at[2]) },
            } as const)
          : written,
        creates: true,
        ...(replaced === undefined || isRead ? {} : { when: `${env}:${replaced.line} does not replace it` }),
      };
    });
}

/** The `env.py` in the folder that `script_location` names. */
function alembicEnv({ program }: Evaluator, file: string): string | undefined {
  const location = program.facts(file).settings?.find(({ key }) => /(?:^|\.)script_location$/.test(key))?.v;
  const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
  const candidates = location === undefined ? [folder] : [`${folder}/${location.replace(/^%\(here\)s/, '')}`];
  return candidates
    .map((path) => `${path}/env.py`.replace(/\/+(?:\.\/)*/g, '/').replace(/^\//, ''))
    .find((path) => program.has(path));
}

/** `config.set_main_option("sqlalchemy.url", X)`, `section["sqlalchemy.url"] = X`. */
function replacedUrl(evaluator: Evaluator, env: string): { readonly value: Value; readonly line: number } | undefined {
  const facts = evaluator.program.facts(env);
  for (const { call, scope, name } of callsOf(facts)) {
    const [key, given] = call.args;
    if (!/^set_(?:main|section)_option$/.test(name) || key === undefined) continue;
    const value = name === 'set_main_option' ? given : call.args[2];
    const named = name === 'set_main_option' ? key : given;
    if (named?.k !== 'text' || named.v !== 'sqlalchemy.url' || value === undefined) continue;
    const at = { file: env, scope, before: call.at[0], line: call.at[2] };
    return { value: evaluator.evaluate(value, at), line: call.at[2] };
  }
  const assign = facts.assigns.find(({ to }) => to.endsWith('["sqlalchemy.url"]'));
  return assign && { value: read(evaluator, env, assign), line: assign.at[2] };
}
