/** Texts of code that name a file by its path: scripts that it starts, modules and workers that it loads by their file. */
import { posix } from 'node:path';
import type { LanguageId } from '../../code/facts.ts';
import { pathTexts } from '../../code/graph/named-files.ts';
import { inLiteral } from '../../edit/literal.ts';
import { changedPart, respellPath } from '../../edit/respell-path.ts';
import type { OpenSite, SiteEdit, Sites } from './model.ts';
import { afterwards, type Moves } from './moves.ts';
import { neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { lineAt } from './placed-literal.ts';

const CODE: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php']);

/** `only`: files that are meant; `null`: all. */
export function namedSites(open: OpenCode, moves: Moves, only: readonly string[] | null): Sites {
  const { code } = open.facts;
  const edits: SiteEdit[] = [];
  const unsettled: OpenSite[] = [];
  const left: Sites['left'][number][] = [];
  const bases = new Set([...moves.moved.keys()].map((path) => posix.basename(path)));
  for (const [from, facts] of code.files) {
    if (!CODE.has(facts.language) || facts.read === 'none' || (only !== null && !only.includes(from))) continue;
    const source = open.source(from);
    if (source === null) continue;
    const goes = afterwards(moves, from) !== from;
    if (!goes && ![...bases].some((base) => source.text.includes(base))) continue;
    const never = neverEdited(from, facts);
    const imports = new Set(facts.imports.flatMap(({ at }) => [at[0], at[0] - 1]));
    for (const { v, at } of pathTexts(code.structureOf(from))) {
      // An import is one already, and known better.
      if (imports.has(at[0])) continue;
      const meant = meaning(v, from, open, moves);
      if (meant === undefined) continue;
      const { base, to } = meant;
      const own = posix.join('/', posix.dirname(from));
      const after = afterwards(moves, to);
      // From its own folder it counts from where the file goes; else from a folder that stays.
      const counts = base === own && base !== '/' ? posix.join('/', posix.dirname(afterwards(moves, from))) : base;
      const now =
        counts === base
          ? respellPath(v, { base, from: `/${to}`, to: `/${after}` })
          : keepsDot(v, posix.relative(counts, `/${after}`));
      if (now === v) continue;
      if (never !== undefined) {
        left.push({ path: from, line: at[2], why: never });
        continue;
      }
      const part = now === null ? null : changedPart(v, now);
      const place =
        part === null ? null : inLiteral(source.text, at, v, facts.language)?.place(part.from, part.to, part.added);
      if (part === null || place == null || !source.takes(part.added)) {
        unsettled.push({ path: from, line: at[2], why: `it names ${to}, and how it counts is not known` });
        continue;
      }
      edits.push({
        path: from,
        ...place,
        line: lineAt(source.text, place.start),
        from: source.text.slice(place.start, place.end),
        with: part.added,
        why: 'path of a script',
        proof: `${v} is ${to}`,
      });
    }
  }
  return { edits, left, open: unsettled, bindings: [] };
}

/** The file that a text means, and the folder that it counts from; `undefined`: none that goes, and it goes with none. */
function meaning(
  written: string,
  from: string,
  open: OpenCode,
  moves: Moves,
): { readonly to: string; readonly base: string } | undefined {
  const { paths } = open.facts.code;
  const own = posix.dirname(from) === '.' ? '' : posix.dirname(from);
  const concerns = (to: string): boolean =>
    paths.has(to) && (afterwards(moves, to) !== to || afterwards(moves, from) !== from);
  if (written.startsWith('/')) return undefined;
  const fromRoot = posix.normalize(written);
  const fromOwn = posix.join(own, written);
  // What leads somewhere from the root does not count from the file, unless it says so.
  const dotted = /^\.{1,2}\//.test(written);
  const tries = dotted ? [own, ''] : ['', own];
  for (const base of tries) {
    const to = base === '' ? fromRoot : fromOwn;
    if (concerns(to)) return { to, base: posix.join('/', base) };
    if (paths.has(to)) return undefined;
  }
  if (dotted || !written.includes('/')) return undefined;
  const ends = [...moves.moved.keys()].filter((path) => path.endsWith(`/${written}`));
  const [only] = ends;
  if (only === undefined || ends.length > 1) return undefined;
  return { to: only, base: posix.join('/', only.slice(0, -written.length - 1)) };
}

const keepsDot = (old: string, now: string): string =>
  old.startsWith('./') && !now.startsWith('.') ? `./${now}` : now;
