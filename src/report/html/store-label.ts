/** Short names for stores, each of which means one store only: `hub.db`, or as much more of the path as that takes. */

/** Path → the shortest end of it that no other path has; `./app.db` where the whole path is the end of another one. */
export function storeLabels(paths: readonly string[]): ReadonlyMap<string, string> {
  const holders = new Map<string, number>();
  for (const path of new Set(paths)) {
    for (const end of ends(path)) holders.set(end, (holders.get(end) ?? 0) + 1);
  }
  return new Map(paths.map((path) => [path, ends(path).find((end) => holders.get(end) === 1) ?? `./${path}`]));
}

/** Ends longer than this are not looked at: a path can be as long as the file system allows. */
const MOST_SEGMENTS = 8;

function ends(path: string): readonly string[] {
  const segments = path.split('/');
  const most = Math.min(segments.length, MOST_SEGMENTS);
  const some = Array.from({ length: most }, (_, i) => segments.slice(-1 - i).join('/'));
  return most < segments.length ? [...some, path] : some;
}

export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? 'the project’s root' : path.slice(0, end + 1);
}
