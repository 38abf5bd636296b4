/** Paths of a project: relative to its root, `/`-separated, '' for the root itself. */

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** `spelled` seen from `folder`; undefined where it leads out of the project. */
export function joined(folder: string, spelled: string): string | undefined {
  // The common cases have no `..` inside: `./x`, `../x`, `x/y`.
  let base = folder;
  let rest = spelled;
  for (;;) {
    if (rest.startsWith('./')) rest = rest.slice(2);
    else if (rest.startsWith('../')) {
      if (base === '') return undefined;
      base = folderOf(base);
      rest = rest.slice(3);
    } else break;
  }
  if (rest === '.' || rest === '') return base;
  if (rest === '..') return base === '' ? undefined : folderOf(base);
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(rest)) return base === '' ? rest : `${base}/${rest}`;
  const segments = base === '' ? [] : base.split('/');
  for (const segment of rest.split('/')) {
    if (segment === '..') {
      if (segments.length === 0) return undefined;
      segments.pop();
    } else if (segment !== '.' && segment !== '') segments.push(segment);
  }
  return segments.join('/');
}

/** A folder and those around it, innermost first, the root ('') last. */
export function* upwards(folder: string): Generator<string> {
  for (let at = folder; ; at = folderOf(at)) {
    yield at;
    if (at === '') return;
  }
}

export function within(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
