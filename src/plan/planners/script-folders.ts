/**
 * Two folders of scripts for one job become one (trap C17), with every line that names them. What belongs together is told by what the scripts
 * do, never by the name of a folder; folders of two packages stay two, and so do folders that the application imports from.
 */
import { posix } from 'node:path';
import { isForeignCode, isPutAway } from '../../audit/foreign-code.ts';
import { count, list } from '../../audit/wording.ts';
import { purposeOf } from '../../bindings/purpose.ts';
import type { Role } from '../../code/roles/model.ts';
import type { Action, Decision } from '../model.ts';
import { type Planning, type Proposal, propose, slug } from './planner.ts';

const CODE: ReadonlySet<string> = new Set(['python', 'typescript', 'php', 'shell', 'sql']);
const MANIFEST = /^(?:package\.json|pyproject\.toml|setup\.py|composer\.json)$/;
const JOBS: Readonly<Partial<Record<Role, string>>> = {
  migrate: 'migrate the schema',
  reset: 'reset data',
  seed: 'put demonstration rows in',
  check: 'check a store',
  backup: 'back up',
};

interface Folder {
  readonly path: string;
  /** Directly in it. */
  readonly files: readonly string[];
  readonly scripts: readonly string[];
  readonly roles: ReadonlySet<Role>;
  /** Commands and documents that start something of it. */
  readonly named: number;
}

export function scriptFolders(on: Planning): Proposal {
  const actions: Action[] = [];
  const decisions: Decision[] = [];
  if (!on.audit.findings.some(({ code }) => code === 'script-family')) return { actions, decisions, left: [] };
  const folders = foldersOf(on);
  const settled = new Set<string>();
  for (const [i, a] of folders.entries()) {
    for (const b of folders.slice(i + 1)) {
      const jobs = [...a.roles].filter((role) => b.roles.has(role)).flatMap((role) => JOBS[role] ?? []);
      if (jobs.length === 0 || settled.has(a.path) || settled.has(b.path) || !isOnePlace(a, b, on)) continue;
      const [stays, goes] = ordered(a, b);
      settled.add(goes.path);
      const id = `scripts-of-${slug(goes.path)}`;
      actions.push(
        propose('move', `${goes.path}/`, {
          to: `${stays.path}/`,
          reason: `${goes.path} and ${stays.path} both hold scripts that ${list(jobs)}`,
          finding: 'script-family',
          needs: [{ decision: id, choices: ['move'] }],
          risk: 'medium',
          risks: [`schedules and people outside this project may name ${goes.path}`],
        }),
      );
      decisions.push({
        id,
        question: `${goes.path} and ${stays.path} both hold scripts that ${list(jobs)}. Shall they be one folder?`,
        evidence: [...goes.scripts, ...stays.scripts].slice(0, 6),
        choices: {
          move: `${count(goes.files.length, 'file')} of ${goes.path} go to ${stays.path}, with the lines that name them`,
          leave: 'both folders stay',
        },
        proposal: 'move',
        chosen: null,
      });
    }
  }
  return { actions, decisions, left: [] };
}

/** Folders that hold scripts and little else, in the order of their paths. */
function foldersOf(on: Planning): readonly Folder[] {
  const { code } = on.audit;
  const inFolder = new Map<string, string[]>();
  for (const path of on.paths) {
    const folder = posix.dirname(path);
    inFolder.set(folder, [...(inFolder.get(folder) ?? []), path]);
  }
  const nested = new Set([...inFolder.keys()].map((folder) => posix.dirname(folder)));
  const started = new Set(code.entries.map(({ file }) => file));
  return [...inFolder].sort().flatMap(([path, files]): readonly Folder[] => {
    const isOther = path === '.' || ['migration', 'test'].includes(purposeOf(`${path}/x`));
    const isPackage = files.some((file) => posix.basename(file) === '__init__.py');
    if (isOther || isPackage || isForeignCode(files[0] ?? '') || isPutAway(files[0] ?? '')) return [];
    const own = files.filter((file) => CODE.has(code.files.get(file)?.language ?? ''));
    const scripts = own.filter((file) => (code.roles.get(file) ?? []).some(({ role }) => JOBS[role] !== undefined));
    const isScripts = scripts.length * 2 >= own.length && own.every((file) => isOnlyStarted(file, path, on));
    if (scripts.length === 0 || !isScripts || files.some((file) => on.going.has(file))) return [];
    const roles = new Set(scripts.flatMap((file) => (code.roles.get(file) ?? []).map(({ role }) => role)));
    const named = own.filter((file) => started.has(file)).length;
    return [{ path, files, scripts, roles, named: nested.has(path) ? Number.POSITIVE_INFINITY : named }];
  });
}

/** Nothing but its own folder and tests imports it. */
function isOnlyStarted(file: string, folder: string, { audit }: Planning): boolean {
  const { graph } = audit.code;
  return graph.importers(file).every((from) => {
    const isNear = posix.dirname(from) === folder || purposeOf(from) === 'test';
    // Commands name a script; that is no import.
    return isNear || graph.edgesFrom(from).every(({ to, how }) => to !== file || how === 'named');
  });
}

/** Side by side or one in the other, and of one package. */
function isOnePlace(a: Folder, b: Folder, on: Planning): boolean {
  const isNear =
    posix.dirname(a.path) === posix.dirname(b.path) ||
    posix.dirname(a.path) === b.path ||
    posix.dirname(b.path) === a.path ||
    posix.basename(a.path) === posix.basename(b.path);
  // A folder with folders in it is no heap of scripts that could go into another one.
  const isMovable = Number.isFinite(a.named) || Number.isFinite(b.named);
  return isNear && isMovable && packageOf(a.path, on) === packageOf(b.path, on);
}

function packageOf(folder: string, { paths }: Planning): string {
  const manifests = new Set(
    paths.filter((path) => MANIFEST.test(posix.basename(path))).map((path) => posix.dirname(path)),
  );
  for (let at = folder; at !== '.'; at = posix.dirname(at)) if (manifests.has(at)) return at;
  return '.';
}

/** The one that others start more of stays, then the fuller one. */
function ordered(a: Folder, b: Folder): readonly [stays: Folder, goes: Folder] {
  const rank = ({ path, named, scripts }: Folder): readonly number[] => [named, scripts.length, -path.length];
  const [x, y] = [rank(a), rank(b)];
  const at = x.findIndex((one, i) => one !== y[i]);
  return at < 0 || (x[at] ?? 0) > (y[at] ?? 0) ? [a, b] : [b, a];
}
