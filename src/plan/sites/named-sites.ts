/** Texts of code that name a file by its path: scripts that it starts, modules that it loads by their file. */
import { posix } from 'node:path';
import { inLiteral } from '../../edit/literal.ts';
import { changedPart, respellPath } from '../../edit/respell-path.ts';
import type { OpenSite, SiteEdit, Sites } from './model.ts';
import { afterwards, type Moves } from './moves.ts';
import { neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { lineAt } from './placed-literal.ts';

export function namedSites(open: OpenCode, moves: Moves, only: readonly string[] | null): Sites {
  const { code } = open.facts;
  const edits: SiteEdit[] = [];
  const unsettled: OpenSite[] = [];
  const left: Sites['left'][number][] = [];
  for (const { from, to, fact, how } of code.graph.edges) {
    const after = afterwards(moves, to);
    const moved = afterwards(moves, from);
    if (how !== 'named' || fact.module === null || (after === to && moved === from)) continue;
    if (only !== null && !only.includes(from)) continue;
    const line = fact.at[2];
    const never = neverEdited(from, code.files.get(from));
    if (never !== undefined) {
      left.push({ path: from, line, why: never });
      continue;
    }
    const base = baseOf(fact.module, to);
    const source = open.source(from);
    const own = posix.join('/', posix.dirname(from));
    // From its own folder it counts from where the file goes; else from a folder that stays, as far as anybody can tell.
    const counts = base === own ? posix.join('/', posix.dirname(moved)) : base;
    if (base !== own && after === to) continue;
    const now =
      base === undefined || counts === undefined
        ? null
        : counts === base
          ? respellPath(fact.module, { base, from: `/${to}`, to: `/${after}` })
          : keepsDot(fact.module, posix.relative(counts, `/${after}`));
    if (now === fact.module) continue;
    const part = now === null ? null : changedPart(fact.module, now);
    const literal =
      source === null ? null : inLiteral(source.text, fact.at, fact.module, code.files.get(from)?.language ?? 'env');
    const place = part === null ? null : literal?.place(part.from, part.to, part.added);
    if (part === null || place == null || source === null) {
      unsettled.push({ path: from, line, why: `it names ${to}, and how it counts is not known` });
      continue;
    }
    edits.push({
      path: from,
      ...place,
      line: lineAt(source.text, place.start),
      from: source.text.slice(place.start, place.end),
      with: part.added,
      why: 'path of a script',
      proof: `it named ${to}`,
    });
  }
  return { edits, left, open: unsettled, bindings: [] };
}

const keepsDot = (old: string, now: string): string =>
  old.startsWith('./') && !now.startsWith('.') ? `./${now}` : now;

/** The folder from which the text means the file. */
function baseOf(written: string, file: string): string | undefined {
  const ups = /^(?:\.{1,2}\/)*/.exec(written)?.[0] ?? '';
  const rest = written.slice(ups.length);
  if (written.startsWith('/')) return file === written.slice(1) ? '/' : undefined;
  const full = `/${file}`;
  if (!full.endsWith(`/${rest}`)) return undefined;
  const above = full.slice(0, full.length - rest.length - 1) || '/';
  const up = ups.split('/').filter((part) => part === '..').length;
  // Upwards: from any folder below; only one level names itself.
  return up === 0 ? above : undefined;
}
