/** What a store seems to be kept for, from its name, its folder and its siblings. A hint with its reason, never a proof. */
import type { StoreRole } from './model.ts';

const BACKUP_FOLDER = /(^|[-_. ])(backups?|bak|archives?|old|snapshots?|pre[-_]\w+)([-_. ]|$)/i;
const BACKUP_SUFFIX = /\.(bak|old|orig|backup|save|prev|copy)\d*$|~$|\.(bak|backup|old|save)[._-][\w.-]+$/i;
const BACKUP_WORD =
  /(^|[-_. (])(backup|bak|old|orig|copy|pre[-_](migration|merge|consolidation|deploy|update|upgrade)|before[-_]\w+|consolidation_backup)([-_. )]|\d|$)/i;
/** A date or a time stamp in the name. */
const DATED = /(^|[^\d])(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])([-_T.]?\d{4,6})?([^\d]|$)/;
const NUMBERED = / \(\d+\)(?=\.\w+$)/;
const EXPORT_FOLDER = /^(exports?|dumps?|reports?|out|outputs?|downloads?)$/i;
const EXPORT_NAME = /(^|[-_.])(export|exported|dump)([-_.]|$)/i;
const FIXTURE_FOLDER =
  /^(tests?|spec|specs|__tests__|fixtures?|__fixtures__|testdata|test[-_]data|mocks?|__mocks__|e2e|cypress|examples?|samples?)$/i;
const TEXT = /\.(csv|tsv|tab|psv|json|jsonl|ndjson)$/i;

/** `siblings`: paths of all files of the project. */
export function roleOf(
  path: string,
  siblings: ReadonlySet<string>,
): { readonly role: StoreRole; readonly reason?: string } {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const fixture = parts.find((folder) => FIXTURE_FOLDER.test(folder));
  if (fixture !== undefined) return { role: 'fixture', reason: `in a folder for tests or examples (${fixture}/)` };
  const folder = parts.find((one) => BACKUP_FOLDER.test(one));
  if (folder !== undefined) return { role: 'backup', reason: `in a folder for backups (${folder}/)` };
  if (BACKUP_SUFFIX.test(name) || BACKUP_WORD.test(name)) return { role: 'backup', reason: 'its name says backup' };
  if (!TEXT.test(name) && (DATED.test(name) || NUMBERED.test(name)) && hasUndatedSibling(parts, name, siblings)) {
    return { role: 'backup', reason: 'its name is dated, and beside it stands one without a date' };
  }
  if (TEXT.test(name)) {
    const exports = parts.find((one) => EXPORT_FOLDER.test(one));
    if (exports !== undefined) return { role: 'export', reason: `in a folder for exports (${exports}/)` };
    if (EXPORT_NAME.test(name)) return { role: 'export', reason: 'its name says export' };
  }
  return { role: 'live' };
}

function hasUndatedSibling(parts: readonly string[], name: string, siblings: ReadonlySet<string>): boolean {
  const bare = name
    .replace(DATED, '$1$6')
    .replace(NUMBERED, '')
    .replace(/[-_.]+(?=\.\w+$)/, '');
  return [bare, bare.replace(/[-_.]+\./, '.'), bare.replace(/^[-_.]+/, '')].some(
    (candidate) => candidate !== name && siblings.has([...parts, candidate].join('/')),
  );
}
