/** A Prisma schema runs where the clients run that are made from it: nothing imports it by its path. */
import type { SourceTree } from '../code/resolve.ts';
import { folderOf, within } from './project-path.ts';

/** Files that use the schema at a path; none for any other file. */
export function schemaUsers(tree: SourceTree): (file: string) => readonly string[] {
  let clients: readonly string[] | undefined;
  return (file) => {
    if (tree.facts.get(file)?.language !== 'prisma') return [];
    clients ??= [...tree.facts].flatMap(([path, { imports }]) =>
      imports.some(({ module, kind }) => module === '@prisma/client' && kind !== 'type') ? [path] : [],
    );
    const home = packageOf(file, tree);
    return clients.filter((path) => within(home, path) && packageOf(path, tree) === home);
  };
}

function packageOf(file: string, tree: SourceTree): string {
  for (let folder = folderOf(file); folder !== ''; folder = folderOf(folder)) {
    if (tree.paths.has(`${folder}/package.json`)) return folder;
  }
  return '';
}
