/** Paths as plans name them: relative to the project, `/`-separated, never out of it. */

/** `null`: it may stand in a plan. Else what is wrong with it. */
export function isProjectPath(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.startsWith('/')) return 'is absolute; paths are relative to the project';
  if (path.includes('\0')) return 'has a NUL in it';
  const parts = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  if (parts.includes('..')) return 'leads out of the project';
  if (parts.includes('.') || parts.includes('')) return 'has a part that says nothing (`.` or `//`)';
  if (parts[0] === '.git') return 'lies in the repository of git itself';
  return null;
}

/** A path as it is written in a folder, from the project's root. */
export function within(folder: string, path: string): string {
  const parts: string[] = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
