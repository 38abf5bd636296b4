/** Where programs of this kind are usually started when nobody says: beside their manifest, at the root, in their own folder. */
import type { SourceTree } from '../code/resolve.ts';
import { pageFolders } from './container-entries.ts';
import { folderOf } from './project-path.ts';

const MANIFESTS = [
  'package.json',
  'manage.py',
  'pyproject.toml',
  'requirements.txt',
  'composer.json',
  'setup.py',
  'Pipfile',
];

type LeadingTo = (file: string) => ReadonlySet<string>;

export function guessedFolders(
  file: string,
  tree: SourceTree,
  leading: ReadonlySet<string>,
  leadingTo: LeadingTo,
): readonly string[] {
  // A web server goes to the folder of the page that is asked for; what it includes runs there as well.
  const pages = tree.facts.get(file)?.language === 'php' ? pageFolders(leading, leadingTo) : [];
  const manifest = foldersAbove(file).find((folder) =>
    MANIFESTS.some((name) => tree.paths.has(folder === '' ? name : `${folder}/${name}`)),
  );
  const folders = new Set<string>([...pages, ...(manifest === undefined ? [] : [manifest]), '', folderOf(file)]);
  return [...folders].slice(0, pages.length + 3);
}

export function foldersAbove(file: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = folderOf(file); ; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === '') return folders;
  }
}
