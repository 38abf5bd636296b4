/** The package.json files of a project: which package a file belongs to, which folder a workspace's name means. */
import { parseJsonc } from '../json/jsonc.ts';
import type { SourceTree } from '../resolve.ts';
import { folderOf, upwards, within } from './path-of.ts';

export interface Manifest {
  readonly folder: string;
  readonly name?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface Packages {
  /** The package.json in a folder. */
  at(folder: string): Manifest | undefined;
  /** The nearest one around a folder. */
  around(folder: string): Manifest | undefined;
  named(name: string): Manifest | undefined;
  /** Is a package of this name declared as a dependency anywhere around? */
  depends(folder: string, name: string): boolean;
}

const DEPENDENCIES = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function openPackages(tree: SourceTree): Packages {
  const manifests = new Map<string, Manifest | undefined>();
  const nearest = new Map<string, Manifest | undefined>();
  let names: Map<string, Manifest> | undefined;

  function at(folder: string): Manifest | undefined {
    if (manifests.has(folder)) return manifests.get(folder);
    const path = within(folder, 'package.json');
    const text = tree.paths.has(path) ? tree.readText(path) : undefined;
    const { value } = text === undefined ? { value: undefined } : parseJsonc(text);
    const fields = isRecord(value) ? value : undefined;
    const name = fields?.name;
    const manifest =
      fields === undefined
        ? undefined
        : { folder, fields, ...(typeof name === 'string' && name !== '' ? { name } : {}) };
    manifests.set(folder, manifest);
    return manifest;
  }

  function around(folder: string): Manifest | undefined {
    if (nearest.has(folder)) return nearest.get(folder);
    let found: Manifest | undefined;
    for (const each of upwards(folder)) {
      found = at(each);
      if (found !== undefined) break;
    }
    nearest.set(folder, found);
    return found;
  }

  return {
    at,
    around,
    named(name) {
      if (names === undefined) {
        names = new Map();
        for (const path of tree.paths) {
          if (!path.endsWith('package.json') || !(path === 'package.json' || path.endsWith('/package.json'))) continue;
          const manifest = at(folderOf(path));
          // The shortest path is the package itself, others are copies of it.
          const known = manifest?.name === undefined ? undefined : names.get(manifest.name);
          if (manifest?.name !== undefined && (known === undefined || manifest.folder.length < known.folder.length))
            names.set(manifest.name, manifest);
        }
      }
      return names.get(name);
    },
    depends(folder, name) {
      for (const each of upwards(folder)) {
        const manifest = at(each);
        if (
          manifest !== undefined &&
          DEPENDENCIES.some((field) => isRecord(manifest.fields[field]) && name in manifest.fields[field])
        )
          return true;
      }
      return false;
    },
  };
}
