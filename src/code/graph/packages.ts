/** Manifests of a project's packages: which folder they govern and what they depend on. Read once. */
import type { SourceTree } from '../resolve.ts';

export interface Packages {
  /** A dependency of the nearest package.json above `path`, or of one further up. */
  depends(path: string, name: string): boolean;
  /** Folder of the nearest package.json above `path`; '' where there is none. */
  folderOf(path: string): string;
  /** A file of code in a folder above that of `path` imports the package. */
  importsAbove(path: string, name: string): boolean;
  /** A Python package that some file of the project imports, by its first segment. */
  importsPython(name: string): boolean;
}

export function openPackages(tree: SourceTree): Packages {
  const dependencies = new Map<string, ReadonlySet<string>>();
  for (const path of tree.paths) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue;
    dependencies.set(path.slice(0, Math.max(0, path.length - 'package.json'.length - 1)), namesIn(tree.readText(path)));
  }
  let python: ReadonlySet<string> | undefined;
  let importers: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  const above = function* (path: string): Iterable<string> {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) yield path.slice(0, cut);
    yield '';
  };
  return {
    depends(path, name) {
      if (dependencies.size === 0) return false;
      for (const folder of above(path)) if (dependencies.get(folder)?.has(name)) return true;
      return false;
    },
    folderOf(path) {
      for (const folder of above(path)) if (dependencies.has(folder)) return folder;
      return '';
    },
    importsAbove(path, name) {
      importers ??= foldersImporting(tree);
      const folders = importers.get(name);
      if (folders === undefined) return false;
      const own = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      for (const folder of above(path)) if (folder !== own && folders.has(folder)) return true;
      return false;
    },
    importsPython(name) {
      python ??= firstSegments(tree);
      return python.has(name);
    },
  };
}

function namesIn(text: string | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  try {
    const manifest = JSON.parse(text ?? '{}') as Record<string, unknown>;
    for (const key of ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']) {
      const list = manifest?.[key];
      if (typeof list === 'object' && list !== null) for (const name of Object.keys(list)) names.add(name);
    }
  } catch {
    // A manifest that does not parse says nothing.
  }
  return names;
}

/** Folders of files that import packages, by package. */
function foldersImporting(tree: SourceTree): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [path, { language, imports }] of tree.facts) {
    if (language !== 'typescript') continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    for (const { module } of imports) {
      if (module === null || /^[./]/.test(module)) continue;
      const folders = found.get(module);
      if (folders === undefined) found.set(module, new Set([folder]));
      else folders.add(folder);
    }
  }
  return found;
}

function firstSegments(tree: SourceTree): ReadonlySet<string> {
  const names = new Set<string>();
  for (const facts of tree.facts.values()) {
    if (facts.language !== 'python') continue;
    for (const { module, level } of facts.imports) {
      if (module !== null && !level) names.add(module.slice(0, /\.|$/.exec(module)?.index));
    }
  }
  return names;
}
