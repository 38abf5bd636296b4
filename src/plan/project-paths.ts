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
