/**
 * Modules that a program is started with: `gunicorn wsgi:app`, `python -m app`, `FLASK_APP=wsgi`. A name of one word stands everywhere in a text, so
 * only the places count that a reader of the format took for a module, and only what leads to a file that moves.
 */
import { posix } from 'node:path';
import type { FileFacts } from '../../code/facts.ts';
import { moduleSegments } from '../../edit/respell-module.ts';
import { type Moves, meantAfterwards } from './moves.ts';

export interface StartedModule {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly text: string;
  readonly now: string;
}

/** One that cannot be followed, with the reason. */
export interface LostModule {
  readonly line: number;
  readonly why: string;
}

interface Named {
  readonly module: string;
  readonly start: number;
  readonly line: number;
}

/** `bases`: folders that names may count from. `own`: of those, the one that moves with the file, and where it is afterwards. */
export function startedModules(
  facts: FileFacts,
  text: string,
  paths: ReadonlySet<string>,
  moves: Moves,
  bases: ReadonlySet<string>,
  own: { readonly before: string; readonly after: string },
): { readonly followed: readonly StartedModule[]; readonly lost: readonly LostModule[] } {
  const followed: StartedModule[] = [];
  const lost: LostModule[] = [];
  for (const { module, start, line } of [...importsOf(facts), ...flaskApps(facts, text)]) {
    const hits = filesOf(module, bases, paths);
    const [hit] = hits;
    if (hit === undefined || hits.every(({ file }) => meantAfterwards(moves, file) === file)) continue;
    const to = meantAfterwards(moves, hit.file);
    if (hits.some(({ file }) => file !== hit.file)) {
      lost.push({ line, why: `${module} may be ${hits.map(({ file }) => file).join(' or ')}` });
      continue;
    }
    const names = new Set<string>();
    for (const { base } of hits) {
      const now = nameFrom(base === own.before && base !== '' ? own.after : base, to);
      if (now !== null) names.add(now);
    }
    const [now] = names;
    if (text.slice(start, start + module.length) !== module) lost.push({ line, why: 'its spelling is put together' });
    else if (now === undefined) lost.push({ line, why: `no name leads to ${to} from there` });
    else if (now !== module) followed.push({ start, end: start + module.length, line, text: module, now });
  }
  return { followed, lost };
}

const importsOf = ({ imports }: FileFacts): readonly Named[] =>
  imports.flatMap(({ module, level = 0, at }) =>
    module === null || level > 0 ? [] : [{ module, start: at[0], line: at[2] }],
  );

/** `FLASK_APP=wsgi:app`; a value that is a path is found as one. */
function flaskApps({ variables }: FileFacts, text: string): readonly Named[] {
  return variables.flatMap(({ name, value, at }) => {
    const module = name === 'FLASK_APP' ? /^([A-Za-z_][\w.]*)(?::[\w.()]+)?$/.exec(value ?? '')?.[1] : undefined;
    if (module === undefined || module.endsWith('.py')) return [];
    const start = text.slice(at[0], at[1]).lastIndexOf(value ?? '');
    return start < 0 ? [] : [{ module, start: at[0] + start, line: at[2] }];
  });
}

interface Hit {
  readonly base: string;
  readonly file: string;
}

function filesOf(module: string, bases: ReadonlySet<string>, paths: ReadonlySet<string>): readonly Hit[] {
  const hits: Hit[] = [];
  for (const base of bases) {
    for (const root of [base, posix.join(base, 'src')]) {
      const stem = posix.join(root, module.replaceAll('.', '/'));
      const file = [`${stem}.py`, `${stem}/__main__.py`, `${stem}/__init__.py`].find((path) => paths.has(path));
      if (file !== undefined) hits.push({ base: root === '.' ? '' : root, file });
    }
  }
  return hits;
}

/** What names the file from a folder; `null`: it is not below it, or has a name that cannot be imported. */
function nameFrom(base: string, file: string): string | null {
  const plain = file.replace(/\/__main__\.py$/, '/__init__.py');
  if (base !== '' && !plain.startsWith(`${base}/`)) return null;
  const segments = moduleSegments(base === '' ? plain : plain.slice(base.length + 1));
  return segments === null || segments.length === 0 || segments.some((one) => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(one))
    ? null
    : segments.join('.');
}
