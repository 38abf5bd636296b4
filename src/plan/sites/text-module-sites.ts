/**
 * Texts of Python that are nothing but the whole name of a module that moves, or of something in it: classes of logging handlers, tasks, plugins (trap
 * C3). A name that importers use counts; a part of a sentence or of a longer name does not.
 */
import { literalShape } from '../../code/python/literal.ts';
import { scan } from '../../code/python/scan.ts';
import * as t from '../../code/python/tokens.ts';
import { dotted, dottedCandidates, moduleSegments } from '../../edit/respell-module.ts';
import type { SiteEdit, Sites } from './model.ts';
import { type Moves, meantAfterwards } from './moves.ts';
import { neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { lineAt } from './placed-literal.ts';

export function textModuleSites(open: OpenCode, moves: Moves, only: readonly string[] | null): Sites {
  const { code } = open.facts;
  const edits: SiteEdit[] = [];
  const left: Sites['left'][number][] = [];
  const names = namesOf(open, moves);
  if (names.size === 0) return { edits, left, open: [], bindings: [] };
  for (const [path, facts] of code.files) {
    if (facts.language !== 'python' || facts.read === 'none' || (only !== null && !only.includes(path))) continue;
    const source = open.source(path);
    if (source === null || ![...names.keys()].some((name) => source.text.includes(name))) continue;
    const never = neverEdited(path, facts);
    for (const { start, end, value } of literals(source.text)) {
      const from = [...names.keys()].find(
        (name) => value === name || value.startsWith(`${name}.`) || value.startsWith(`${name}:`),
      );
      const to = from === undefined ? undefined : names.get(from);
      if (from === undefined || to === undefined) continue;
      const line = lineAt(source.text, start);
      if (never !== undefined) left.push({ path, line, why: never });
      else
        edits.push({
          path,
          start,
          end: Math.min(end, start + from.length),
          line,
          from,
          with: to,
          why: 'text that names a module',
          proof: `${from} is what importers call it`,
        });
    }
  }
  return { edits, left, open: [], bindings: [] };
}

/** Whole names, of two segments at least, as imports spell them → what they become. */
function namesOf(open: OpenCode, moves: Moves): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const { graph } = open.facts.code;
  for (const from of new Set([...moves.moved.keys(), ...moves.instead.keys()])) {
    const after = meantAfterwards(moves, from);
    if (after === from || moduleSegments(from) === null) continue;
    for (const { qualified, how } of graph.edgesTo(from)) {
      if (qualified === undefined || !qualified.includes('.') || (how !== 'module' && how !== 'member')) continue;
      const [now] = dottedCandidates(
        { level: 0, module: qualified },
        { before: from, after },
        { before: from, after },
      ).map(dotted);
      if (now !== undefined && now !== qualified) found.set(qualified, now);
    }
  }
  // Longer names first: one may be the beginning of another.
  return new Map([...found].sort(([x], [y]) => y.length - x.length));
}

const NAME = /^[A-Za-z_][\w.]*(?::[\w.]+)?$/;

/** Insides of plain literals that could be names. */
function* literals(text: string): Generator<{ start: number; end: number; value: string }> {
  const { data, count } = scan(text);
  for (let index = 0; index < count; index++) {
    const at = index * t.STRIDE;
    if (data[at] !== t.STRING) continue;
    const { from, to, bytes } = literalShape(text, data[at + 1] as number, data[at + 2] as number);
    const value = text.slice(from, to);
    if (!bytes && value.length < 300 && NAME.test(value)) yield { start: from, end: to, value };
  }
}
