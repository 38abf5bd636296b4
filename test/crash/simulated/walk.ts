/** From a path to a node: links in the middle are followed, in the last part never. */
import type { Path } from '../../../src/disk/disk.ts';
import type { Node } from './node.ts';

/** What stands at the last part of a path, and where. */
export interface Place {
  readonly folder: Node;
  readonly name: string;
  readonly node: Node | null;
}

const MOST_LINKS = 40;
const LONGEST_NAME = 255;

export function failure(code: string, call: string, path: Path): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${call} '${path.toString()}'`), {
    code,
    syscall: call,
    path: path.toString(),
  });
}

/** Throws `ENOENT` and `ENOTDIR` for what is missing on the way. */
export function placeAt(root: Node, path: Path, call: string): Place {
  const fail = (code: string): never => {
    throw failure(code, call, path);
  };
  let parts = partsOf(Buffer.from(path));
  let links = 0;
  const way: Node[] = [root];
  let at: Place = { folder: root, name: '', node: root };
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const folder = way.at(-1) as Node;
    if (Buffer.byteLength(part, 'latin1') > LONGEST_NAME) fail('ENAMETOOLONG');
    if (part === '..') {
      if (way.length > 1) way.pop();
      at = { folder: way.at(-2) ?? root, name: '', node: way.at(-1) as Node };
      continue;
    }
    const node = folder.entries.get(part) ?? null;
    at = { folder, name: part, node };
    if (parts.length === 0) break;
    if (node === null) return fail('ENOENT');
    if (node.kind === 'file') return fail('ENOTDIR');
    if (node.kind === 'folder') {
      way.push(node);
      continue;
    }
    if (++links > MOST_LINKS) fail('ELOOP');
    if (node.content[0] === 0x2f) way.length = 1;
    parts = [...partsOf(node.content), ...parts];
  }
  return at;
}

function partsOf(path: Buffer): string[] {
  return path
    .toString('latin1')
    .split('/')
    .filter((part) => part !== '' && part !== '.');
}
