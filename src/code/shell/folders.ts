/** Where `cd` leads. Expansions stay as written: only plain segments are taken back by `..`. */

const ABSOLUTE = /^(?:[/~\\]|[A-Za-z]:|\$)/;

export function joinFolder(from: string | undefined, to: string): string {
  // No path is longer; a thousand times `cd a` is no folder.
  const alone = from === undefined || from === '' || from.length > 4096 || ABSOLUTE.test(to);
  const joined = alone ? to : `${from}/${to}`;
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(joined) || /\$\(|`|\$\{[^}]*\//.test(joined)) return joined;
  const rooted = joined.startsWith('/');
  const kept: string[] = [];
  for (const segment of joined.split('/')) {
    if (segment === '' || segment === '.') continue;
    const last = kept.at(-1);
    if (segment === '..' && last !== undefined && last !== '..' && !/[$~]/.test(last)) kept.pop();
    else if (segment !== '..' || !rooted || last !== undefined) kept.push(segment);
  }
  return (rooted ? '/' : '') + kept.join('/') || '.';
}
