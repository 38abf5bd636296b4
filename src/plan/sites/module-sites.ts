/**
 * Imports that lead elsewhere when files move, or when a module gives way to another: each is respelled in its style, and only to what leads to the file
 * that is meant, in the tree as it will be. What would not is left open, never guessed. Whole because each spelling is one case of that proof.
 */
import { posix } from 'node:path';
import type { FileFacts, ImportFact, LanguageId } from '../../code/facts.ts';
import type { ImportEdge } from '../../code/graph/model.ts';
import type { Resolver } from '../../code/resolve.ts';
import {
  dotted,
  dottedCandidates,
  type Moved,
  moduleSegments,
  specifierCandidates,
} from '../../edit/respell-module.ts';
import { changedPart } from '../../edit/respell-path.ts';
import type { OpenSite, SiteEdit, Sites } from './model.ts';
import { afterwards, type Moves, meantAfterwards, resolversAfterwards } from './moves.ts';
import { neverEdited } from './never.ts';
import type { OpenCode } from './open-code.ts';
import { lineAt } from './placed-literal.ts';
import { fromImport, usesOf } from './python-imports.ts';

const BY_NAME: ReadonlySet<ImportEdge['how']> = new Set<ImportEdge['how']>(['module', 'member', 'computed']);

/** `only`: importers that are meant; `null`: all. */
export function moduleSites(open: OpenCode, moves: Moves, only: readonly string[] | null = null): Sites {
  const { code } = open.facts;
  const resolvers = resolversAfterwards(open.tree, moves);
  const edits: SiteEdit[] = [];
  const unsettled: OpenSite[] = [];
  /** By import: what each of its edges means. */
  const facts = new Map<ImportFact, ImportEdge[]>();
  for (const edge of code.graph.edges) {
    if (!BY_NAME.has(edge.how)) continue;
    if (meantAfterwards(moves, edge.to) === edge.to && afterwards(moves, edge.from) === edge.from) continue;
    // A module that gives way goes on to import what it imports, and its heir does not import itself.
    if (moves.instead.get(edge.to) === edge.from) continue;
    if (only !== null && !only.includes(edge.from)) continue;
    const known = facts.get(edge.fact);
    if (known === undefined) facts.set(edge.fact, [edge]);
    else known.push(edge);
  }
  for (const [fact, edges] of facts) {
    const [{ from }] = edges as [ImportEdge];
    const never = neverEdited(from, code.files.get(from));
    const result = respelled(open, resolvers(languageOf(code.files.get(from))), fact, edges, moves);
    // What is never edited and would lead nowhere is more than a mention.
    if (never !== undefined && result.edits.length > 0)
      unsettled.push({ path: from, line: fact.at[2], why: `it imports what moves, and is not edited: ${never}` });
    else edits.push(...result.edits);
    if (result.why !== undefined) unsettled.push({ path: from, line: fact.at[2], why: result.why });
  }
  return { edits, left: [], open: unsettled, bindings: [] };
}

const languageOf = (facts: FileFacts | undefined): LanguageId =>
  facts?.language === 'php' ? 'php' : facts === undefined || facts.language === 'typescript' ? 'typescript' : 'python';

interface Result {
  readonly edits: readonly SiteEdit[];
  readonly why?: string;
}

const NONE: Result = { edits: [] };

function respelled(
  open: OpenCode,
  resolver: Resolver | undefined,
  fact: ImportFact,
  edges: readonly ImportEdge[],
  moves: Moves,
): Result {
  const [{ from, how }] = edges as [ImportEdge];
  const source = open.source(from);
  if (resolver === undefined) return NONE;
  if (how === 'computed' || fact.module === null) {
    const stays = edges.every(({ to }) => afterwards(moves, to) === to);
    return stays ? NONE : { edits: [], why: 'which module is imported is computed' };
  }
  if (source === null) return { edits: [], why: 'its file would not be written as it was' };
  const importer = { before: from, after: afterwards(moves, from) };
  const { text } = source;
  const [start, end] = fact.at;
  const written = text.slice(start, end);
  const language = languageOf(open.facts.code.files.get(from));
  const edit = (from_: number, to: number, by: string, why: string, target: string): SiteEdit => ({
    path: from,
    start: from_,
    end: to,
    line: lineAt(text, from_),
    from: text.slice(from_, to),
    with: by,
    why,
    proof: `resolves to ${target}`,
  });
  const lacked = new Set([
    ...open.facts.code.graph.unresolved.flatMap((one) => (one.fact === fact ? (one.missingNames ?? []) : [])),
    ...(fact.guarded === true ? lackedByGuarded(open, language, from, fact) : []),
  ]);
  /** The spelling that leads to a file, for these names of it. */
  const spelling = (target: string, names: ImportFact['names'], member: boolean): string | null => {
    const after = meantAfterwards(moves, target);
    const asked: ImportFact = { ...fact, names };
    const leads = (spelled: string): boolean =>
      leadsTo(resolver, importer.after, asked, spelled, language, after, member, lacked);
    const stays = language !== 'python' || countsAsBefore(fact, importer, { before: target, after });
    if (stays && leads(spelledOf(fact, language))) return spelledOf(fact, language);
    return candidates(fact, importer, { before: target, after }, language).find(leads) ?? null;
  };
  if (language === 'php') return included(fact, edges, text, importer, moves, resolver, edit);
  const whole = edges.find((edge) => edge.how === 'module');
  const members = edges.filter((edge) => edge.how === 'member');
  if (written !== spelledOf(fact, language)) return { edits: [], why: 'its spelling is put together' };

  if (members.length > 0)
    return membersRespelled(fact, members, whole, text, spelling, edit, resolver, importer, moves);
  if (whole === undefined) return NONE;
  const now = spelling(whole.to, fact.names, false);
  if (now === null) return { edits: [], why: `no name leads to ${meantAfterwards(moves, whole.to)} from here` };
  const old = spelledOf(fact, language);
  if (now === old) return NONE;
  const part = changedPart(old, now, language === 'python' ? '\0' : '/') ?? { from: 0, to: old.length, added: now };
  const first = edit(start + part.from, start + part.to, part.added, 'import', meantAfterwards(moves, whole.to));
  const plain = language === 'python' && fact.kind === 'static' && fact.names.length === 0 && (fact.level ?? 0) === 0;
  // `import a.b` gives the name `a`: whoever says `a.b.c` means what is there.
  if (!plain || fact.as !== fact.module.split('.')[0] || isAliased(text, end)) return { edits: [first] };
  const uses = usesOf(text, fact.module);
  const keepsFirst = now.split('.')[0] === fact.as;
  const others = open.facts.code.files
    .get(from)
    ?.imports.some((one) => one !== fact && (one.as === fact.as || one.names.some(({ as }) => as === fact.as)));
  if (uses.other > 0 && !keepsFirst && others !== true)
    return { edits: [], why: `${fact.as} is used for more than ${fact.module}` };
  return {
    edits: [
      first,
      ...uses.whole.map((use) => edit(use.start, use.end, now, 'use of a module', meantAfterwards(moves, whole.to))),
    ],
  };
}

/** `require __DIR__ . '/../lib/db.php'`: its last literal, counted from what stands before it. */
function included(
  fact: ImportFact,
  edges: readonly ImportEdge[],
  text: string,
  importer: Moved,
  moves: Moves,
  resolver: Resolver,
  edit: MakeEdit,
): Result {
  const [{ to }] = edges as [ImportEdge];
  const after = meantAfterwards(moves, to);
  const module = fact.module ?? '';
  if (leadsTo(resolver, importer.after, fact, module, 'php', after, false)) return NONE;
  // Facts of an outline have the literal's inside, those of a structure the whole expression.
  const literals = [...text.slice(fact.at[0] - 1, fact.at[1] + 1).matchAll(/(['"])([^'"\\$]*)\1/g)];
  const last = literals.at(-1);
  const value = last?.[2] ?? '';
  if (last === undefined || value === '' || !module.endsWith(value))
    return { edits: [], why: 'a class or a path that is put together: its name follows its namespace or its parts' };
  const head = module.slice(0, module.length - value.length);
  const folder = posix.join('/', posix.dirname(importer.after), head);
  const slash = value.startsWith('/') ? '/' : value.startsWith('./') ? './' : '';
  const fromFile = slash + posix.relative(folder, `/${after}`);
  const now = [fromFile, slash + after].find((one) =>
    leadsTo(resolver, importer.after, fact, head + one, 'php', after, false),
  );
  if (now === undefined) return { edits: [], why: `no path leads to ${after} from here` };
  const part = changedPart(value, now);
  if (part === null) return NONE;
  const start = fact.at[0] - 1 + last.index + 1;
  return { edits: [edit(start + part.from, start + part.to, part.added, 'include', after)] };
}

/**
 * Whether an absolute name is counted from the folder that it was counted from, or from one that moves with its importer. A name that only leads
 * there because some other program puts a folder on its path is not the importer's.
 */
function countsAsBefore({ module, level = 0 }: ImportFact, importer: Moved, target: Moved): boolean {
  if (level > 0 || module === null) return true;
  const [before, after] = [rootOf(target.before, module), rootOf(target.after, module)];
  if (before === null || before === after) return true;
  return after !== null && isBelow(importer.before, before) && isBelow(importer.after, after);
}

const isBelow = (path: string, folder: string): boolean => folder === '' || path.startsWith(`${folder}/`);

/** The folder from which `a.b` is the file; `null`: it names something in it, or another one. */
function rootOf(path: string, module: string): string | null {
  const segments = moduleSegments(path) ?? [];
  const written = module.split('.');
  const at = segments.length - written.length;
  if (at < 0 || written.some((one, index) => segments[at + index] !== one)) return null;
  return segments.slice(0, at).join('/');
}

/** Names that a guarded import takes in vain already. */
function lackedByGuarded(open: OpenCode, language: LanguageId, from: string, fact: ImportFact): readonly string[] {
  const { guarded: _, ...plain } = fact;
  return open.resolvers(language)?.resolve(from, plain).missingNames ?? [];
}

const isAliased = (text: string, behind: number): boolean => /^[ \t]+as\b/.test(text.slice(behind, behind + 40));

const spelledOf = ({ module, level = 0 }: ImportFact, language: LanguageId): string =>
  language === 'python' ? dotted({ level, module: module ?? '' }) : (module ?? '');

function candidates(
  fact: ImportFact,
  importer: { readonly before: string; readonly after: string },
  target: { readonly before: string; readonly after: string },
  language: LanguageId,
): readonly string[] {
  const module = fact.module ?? '';
  if (language === 'python') return dottedCandidates({ level: fact.level ?? 0, module }, importer, target).map(dotted);
  return specifierCandidates(module, importer, target);
}

function leadsTo(
  resolver: Resolver,
  importer: string,
  fact: ImportFact,
  spelled: string,
  language: LanguageId,
  target: string,
  member: boolean,
  lacked: ReadonlySet<string> = new Set(),
): boolean {
  const level = language === 'python' ? (/^\.*/.exec(spelled)?.[0].length ?? 0) : 0;
  // What is imported inside a function or a `try` is needed there as well (trap C2).
  const { level: _, guarded: __, ...plain } = fact;
  const resolution = resolver.resolve(importer, {
    ...plain,
    module: spelled.slice(level),
    ...(level === 0 ? {} : { level }),
  });
  if (resolution.status !== 'project') return false;
  // What was not there before need not be there now.
  if (resolution.missingNames?.some((name) => !lacked.has(name)) === true) return false;
  if (member) return Object.values(resolution.submodules ?? {}).includes(target);
  return resolution.file === target;
}

type MakeEdit = (start: number, end: number, by: string, why: string, target: string) => SiteEdit;

/** `from pkg import mod, name`: a module that moves out of the package gets a statement of its own, if it is not the only name. */
function membersRespelled(
  fact: ImportFact,
  members: readonly ImportEdge[],
  whole: ImportEdge | undefined,
  text: string,
  spelling: (target: string, names: ImportFact['names'], member: boolean) => string | null,
  edit: MakeEdit,
  resolver: Resolver,
  importer: Moved,
  moves: Moves,
): Result {
  const statement = fromImport(text, fact.at[1]);
  if (statement === null) return { edits: [], why: 'its names could not be read' };
  const groups = new Map<string, { names: ImportFact['names'][number][]; written: string[]; target: string }>();
  const old = dotted({ level: fact.level ?? 0, module: fact.module ?? '' });
  for (const name of fact.names) {
    const member = members.find(({ to }) => nameLeadsTo(name.name, to));
    let module: string | null;
    let taken = name.name;
    let target = whole?.to ?? '';
    if (member !== undefined) {
      target = meantAfterwards(moves, member.to);
      const now = stemOf(target);
      taken = now.name;
      module = memberModule(fact, importer, member.to, target, resolver, old);
    } else module = whole === undefined ? old : spelling(whole.to, [name], false);
    if (module === null) return { edits: [], why: `no name leads to ${target} from here` };
    const alias = name.as !== taken ? ` as ${name.as}` : '';
    const group = groups.get(module) ?? { names: [], written: [], target };
    group.names.push(name);
    group.written.push(taken + alias);
    groups.set(module, group);
  }
  if (groups.size === 1) {
    const [first] = groups;
    if (first === undefined) return NONE;
    const [module, { written, target }] = first;
    const edits: SiteEdit[] = [];
    if (module !== old) edits.push(edit(fact.at[0], fact.at[1], module, 'import', target));
    statement.names.forEach((name, index) => {
      const by = written[index] as string;
      if (text.slice(name.start, name.end).replace(/\s+/g, ' ') !== by)
        edits.push(edit(name.start, name.end, by, 'name of a module', target));
    });
    return { edits };
  }
  if (!statement.alone || statement.names.length !== fact.names.length)
    return { edits: [], why: 'several names of one statement lead to different modules' };
  const end = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const lines = [...groups].map(([module, { written }]) => `from ${module} import ${written.join(', ')}`);
  const target = [...groups.values()].map((group) => group.target).join(', ');
  return {
    edits: [edit(statement.start, statement.end, lines.join(end + statement.indent), 'import', target)],
  };
}

const stemOf = (path: string): { readonly folder: string; readonly name: string } => {
  const plain = path.replace(/(?:\/__init__)?\.pyi?$/, '');
  const cut = plain.lastIndexOf('/');
  return { folder: plain.slice(0, Math.max(0, cut)), name: plain.slice(cut + 1) };
};

const nameLeadsTo = (name: string, path: string): boolean => stemOf(path).name === name;

/** The package's name from which the moved module can be taken. */
function memberModule(
  fact: ImportFact,
  importer: Moved,
  before: string,
  after: string,
  resolver: Resolver,
  old: string,
): string | null {
  const now = stemOf(after);
  const names = [{ name: now.name, as: now.name }];
  const packageFile = (path: string): string => `${stemOf(path).folder}/__init__.py`.replace(/^\//, '');
  const named = fact.names.find(({ name }) => nameLeadsTo(name, before))?.name ?? stemOf(before).name;
  const whole = { ...fact, module: [fact.module, named].filter(Boolean).join('.') };
  const stays = named !== now.name || countsAsBefore(whole, importer, { before, after });
  const tries = [
    ...(stays ? [old] : []),
    ...dottedCandidates({ level: fact.level ?? 0, module: fact.module ?? '' }, importer, {
      before: packageFile(before),
      after: packageFile(after),
    }).map(dotted),
  ];
  return (
    tries.find((spelled) => leadsTo(resolver, importer.after, { ...fact, names }, spelled, 'python', after, true)) ??
    null
  );
}
