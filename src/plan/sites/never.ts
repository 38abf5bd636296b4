/**
 * What names an old path on purpose and is never rewritten (trap C20), each with its reason: desprawl's own files, migrations, importers of what was,
 * lists of old names, history, what programs write. Whoever rewrites these breaks the only record of how things were called.
 */
import type { Code } from '../../audit/code-model.ts';
import { purposeOf } from '../../bindings/purpose.ts';
import { pushChildren } from '../../code/calls.ts';
import type { Expr, FileFacts, LanguageId } from '../../code/facts.ts';

const CODE: ReadonlySet<LanguageId | undefined> = new Set<LanguageId>(['python', 'typescript', 'php']);
const OWN = /(?:^|\/)desprawl(?:[\w.-]*)\.ya?ml$|(?:^|\/)\.desprawl/;
/** Names what it moves by its nature: a plan of this or of another time is told nowhere. */
export const PLAN_FILE: RegExp = /(?:^|\/)desprawl-plan[\w.-]*\.ya?ml$/;
const HISTORY =
  /(?:^|\/)(?:CHANGELOG|CHANGES|HISTORY|NEWS|RELEASES?)(?:[\w.-]*)$|(?:^|\/)(?:changelog|release-notes)\//i;
const LOCKS =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|poetry\.lock|Pipfile\.lock|uv\.lock|composer\.lock|Cargo\.lock|Gemfile\.lock)$/;
const MADE = /\.(?:map|min\.js|min\.css|bundle\.js|d\.ts\.map|pyc)$|(?:^|\/)\.(?:next|nuxt|output|svelte-kit)\//;
const LEGACY = /(?:^|[/_.-])(?:legacy|import|importer|migrate|migration|consolidat\w*|convert\w*)(?=[/_.-]|$)/i;
export const STORE_FILE: RegExp = /[\w-]\.(?:db|db3|sqlite3?|s3db|csv|tsv|jsonl?|ndjson)$/i;

/** Why a file is never edited; `undefined`: it may be. */
export function neverEdited(path: string, facts: FileFacts | undefined): string | undefined {
  if (OWN.test(path)) return 'desprawl’s own file';
  // A program that shows changes, or is called `news.py`, is no record of them.
  if (HISTORY.test(path) && !CODE.has(facts?.language)) return 'history';
  if (LOCKS.test(path)) return 'a lock file: its program writes it';
  if (facts?.generated === true || MADE.test(path)) return 'generated';
  return undefined;
}

/** Why a file that opens `store` keeps its old name; `undefined`: it need not. */
export function namesOnPurpose(path: string, store: string, code: Code): string | undefined {
  if (purposeOf(path) === 'migration') return 'a migration: it names stores as they were then';
  const roles = (code.roles.get(path) ?? []).map(({ role }) => role);
  const carries = roles.some((role) => role === 'migrate' || role === 'import' || role === 'sync');
  if (!carries && !LEGACY.test(path)) return undefined;
  const own = code.bindings.filter((binding) => binding.path === path && binding.store !== null);
  const others = own.filter((binding) => binding.store !== store);
  const reads = own.filter((binding) => binding.store === store);
  const writes = reads.some(({ access }) => access.some((one) => one !== 'read'));
  // It reads what was there before and puts it elsewhere.
  if (reads.length > 0 && !writes && (others.length > 0 || LEGACY.test(path)))
    return 'an importer: the old store is what it reads from';
  return undefined;
}

/** Why a text at this place is part of a list of names; `undefined`: it is none. A list that opens nothing: a rename map, a forbidden list. */
export function inListOfNames(facts: FileFacts, start: number, end: number): string | undefined {
  const queue: Expr[] = [];
  for (const { value } of facts.assigns) queue.push(value);
  for (const { value } of facts.statements) queue.push(value);
  for (const { returns = [] } of facts.scopes) queue.push(...returns);
  for (let expr = queue.pop(); expr !== undefined; expr = queue.pop()) {
    if (expr.k === 'list' || expr.k === 'map') {
      const items = expr.k === 'list' ? expr.items : expr.entries.flat();
      const texts = items.filter((item) => item.k === 'text');
      const holds = texts.some(({ at }) => at[0] <= start && end <= at[1]);
      const names = texts.filter(({ v }) => STORE_FILE.test(v));
      if (holds && names.length > 1) {
        return expr.k === 'map'
          ? 'a table of names: old and new stand side by side'
          : 'a list of names: what it lists is checked or forbidden, not opened';
      }
    }
    pushChildren(expr, queue);
  }
  return undefined;
}
