/** A project that is only imagined: contents by path, as what plans are compiled from. Stores and code are told, not found out. */
import { createHash } from 'node:crypto';
import type { Audit, StoreRelation } from '../../src/audit/model.ts';
import type { Binding } from '../../src/bindings/model.ts';
import { DEFAULT_CONFIG } from '../../src/config/config.ts';
import type { PathState } from '../../src/disk/path-state.ts';
import type { Measured } from '../../src/plan/measured.ts';
import type { Store } from '../../src/stores/model.ts';

export interface Imagined {
  readonly files: Readonly<Record<string, string>>;
  readonly folders?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  readonly stores?: readonly Partial<Store>[];
  readonly relations?: readonly StoreRelation[];
  readonly bindings?: readonly Partial<Binding>[];
  /** Importer → what it loads. */
  readonly imports?: readonly (readonly [from: string, to: string])[];
  readonly keep?: readonly string[];
  /** What git tracks and what its rules ignore. */
  readonly git?: { readonly tracked: readonly string[]; readonly ignored: readonly string[] };
  readonly languages?: Readonly<Record<string, string>>;
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const isIn = (folder: string, path: string): boolean => path.startsWith(`${folder}/`);

export function imagine(project: Imagined): Measured {
  const { files, links = {}, folders = [], stores = [], bindings = [], imports = [], git } = project;
  const paths = [...Object.keys(files), ...Object.keys(links)].sort();
  const stateOf = (path: string): PathState => {
    const text = files[path];
    if (text !== undefined) return { kind: 'file', sha256: sha(text), bytes: Buffer.byteLength(text), mode: 0o644 };
    if (links[path] !== undefined) return { kind: 'link', target: links[path] };
    const isFolder = [...paths, ...folders.map((one) => `${one}/x`)].some((one) => isIn(path, one));
    return isFolder ? { kind: 'folder', mode: 0o755 } : { kind: 'absent' };
  };
  const edges = imports.map(([from, to]) => ({ from, to, fact: { at: [0, 0, 1], names: [] }, how: 'module' }));
  const audit = {
    project: { name: 'kiosk', root: '/kiosk' },
    stores: stores.map((store) => ({
      id: store.path,
      kind: 'sqlite',
      status: 'verified',
      role: 'live',
      git: 'untracked',
      links: [],
      sidecars: [],
      tables: [],
      migrations: [],
      ...store,
    })),
    relations: project.relations ?? [],
    code: {
      paths: new Set(paths),
      files: new Map(
        paths.map((path) => [
          path,
          { language: project.languages?.[path] ?? 'none', places: [], variables: [], texts: [], read: 'structure' },
        ]),
      ),
      bindings: bindings.map((binding) => ({
        line: 1,
        spelling: '',
        context: 'wherever it is started',
        access: ['read', 'write'],
        tables: [],
        confidence: 'proven',
        purpose: 'application',
        target: { kind: 'store', store: binding.store },
        evidence: [],
        ...binding,
      })),
      graph: {
        edges,
        importers: (path: string) => edges.filter(({ to }) => to === path).map(({ from }) => from),
        edgesFrom: (path: string) => edges.filter(({ from }) => from === path),
        edgesTo: (path: string) => edges.filter(({ to }) => to === path),
      },
    },
  } as unknown as Audit;
  return {
    audit,
    config: { ...DEFAULT_CONFIG, plan: { keep: project.keep ?? [], docs: false } },
    paths,
    stateOf,
    read: (path) => Buffer.from(files[path] ?? ''),
    namesIn: (folder) => {
      const inside = [...paths, ...folders].filter((path) => isIn(folder, path));
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] as string))].sort();
    },
    git:
      git === undefined
        ? null
        : {
            index: '/kiosk/.git/index',
            prefix: '',
            ignores: (path) => git.ignored.some((one) => path === one || isIn(one, path)),
            stateOf: (path) => (git.tracked.includes(path) ? 'tracked' : 'untracked'),
            entryOf: (path) =>
              git.tracked.includes(path) ? { mode: '100644', oid: sha(path).slice(0, 40), flags: '' } : null,
          },
  };
}
