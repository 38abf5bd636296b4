/** The modules of a project by path without ending, and how a dotted name is walked from a folder. */
import type { SourceTree } from '../resolve.ts';

export interface Located {
  /** The module's file; none for a folder without `__init__.py` (a namespace package). */
  readonly file?: string;
  /** The folder, where it is a package or namespace. */
  readonly folder?: string;
  /** `__init__.py` of the packages on the way. */
  readonly also: readonly string[];
}

export interface ModuleIndex {
  /** The module with these segments below `base` ('' is the project), found as one import finder does: package, module, namespace. */
  locate(base: string, segments: readonly string[]): Located | undefined;
  /** One step: `name` in the package or namespace `folder`. */
  step(folder: string, name: string): Located | undefined;
  /** Is there a module or package of this name in the folder? */
  has(folder: string, name: string): boolean;
  /** Modules whose path ends with these segments. */
  endingWith(segments: readonly string[]): readonly string[];
  /** Is any module, package or namespace of the project called so? */
  isName(name: string): boolean;
  readonly folders: ReadonlySet<string>;
}

const SOURCE = /\.(?:pyi?|pyw|pyx|(?:cpython-[\w-]+\.|abi3\.)?so|(?:cp\d+-\w+\.)?pyd)$/;
/** A folder without `__init__.py` counts from here on: some module is in it or below. */
const NOTHING: readonly string[] = [];

export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export function indexModules(tree: SourceTree): ModuleIndex {
  const modules = new Map<string, string>();
  const folders = new Set<string>(['']);
  const folderNames = new Set<string>();
  const byName = new Map<string, string[]>();
  for (const path of tree.paths) {
    if (!path.endsWith('.py') && !SOURCE.test(path)) continue;
    const name = path.replace(SOURCE, '');
    const known = modules.get(name);
    if (known !== undefined && (known.endsWith('.py') || !path.endsWith('.py'))) continue;
    modules.set(name, path);
    if (known !== undefined) continue;
    for (let folder = folderOf(path); folder !== '' && !folders.has(folder); folder = folderOf(folder)) {
      folders.add(folder);
      folderNames.add(folder.slice(folder.lastIndexOf('/') + 1));
    }
    const whole = name.endsWith('/__init__') ? name.slice(0, -9) : name;
    const last = whole.slice(whole.lastIndexOf('/') + 1);
    const same = byName.get(last);
    if (same === undefined) byName.set(last, [whole]);
    else same.push(whole);
  }

  const stepped = new Map<string, Located | undefined>();
  const step = (folder: string, name: string): Located | undefined => {
    const path = join(folder, name);
    if (stepped.has(path)) return stepped.get(path);
    const init = modules.get(`${path}/__init__`);
    const module = modules.get(path);
    let located: Located | undefined;
    // A package hides a module of its name.
    if (init !== undefined) located = { file: init, folder: path, also: NOTHING };
    else if (module !== undefined) located = { file: module, also: NOTHING };
    else if (folders.has(path)) located = { folder: path, also: NOTHING };
    stepped.set(path, located);
    return located;
  };
  return {
    folders,
    step,
    isName: (name) => byName.has(name) || folderNames.has(name),
    has: (folder, name) => step(folder, name) !== undefined,
    locate(base, segments) {
      let at: Located | undefined = { folder: base, also: NOTHING };
      const also: string[] = [];
      for (const segment of segments) {
        if (at?.folder === undefined) return undefined;
        if (at.file !== undefined) also.push(at.file);
        at = step(at.folder, segment);
      }
      return at === undefined ? undefined : also.length === 0 ? at : { ...at, also };
    },
    endingWith(segments) {
      const last = segments.at(-1);
      if (last === undefined) return NOTHING;
      const suffix = segments.join('/');
      return (byName.get(last) ?? NOTHING)
        .filter((whole) => whole === suffix || whole.endsWith(`/${suffix}`))
        .map((whole) => modules.get(`${whole}/__init__`) ?? (modules.get(whole) as string))
        .sort();
    },
  };
}
