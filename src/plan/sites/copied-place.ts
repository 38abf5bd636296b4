/**
 * Where an image gets a file that moves: `COPY scripts/old/check.py scripts/old/` mirrors the tree, and so it does afterwards; else a command
 * of the image that follows the move would look where nothing was copied to.
 */
import { posix } from 'node:path';
import type { SiteEdit } from './model.ts';
import { lineAt } from './placed-literal.ts';

interface Target {
  readonly from: string;
  readonly to: string;
  readonly dotted?: true;
}

/** One source and a folder, without flags that could change what is meant. */
const COPY = /^([ \t]*(?:COPY|ADD)[ \t]+)([^\s"'[\]\\$*?-][^\s"'[\]\\$*?]*)([ \t]+)([^\s"'[\]\\$]+)[ \t]*\r?$/gim;

export function copiedPlaces(path: string, text: string, targets: readonly Target[]): readonly SiteEdit[] {
  const edits: SiteEdit[] = [];
  for (const found of text.matchAll(COPY)) {
    const [, head = '', source = '', gap = '', place = ''] = found;
    const target = targets.find(({ from, dotted }) => dotted !== true && posix.join('/', source) === `/${from}`);
    if (target === undefined) continue;
    const [was, now] = [posix.dirname(target.from), posix.dirname(target.to)];
    const isFile = posix.join('/', place).endsWith(`/${target.from}`);
    const isFolder = place.endsWith('/') && was !== '.' && posix.join('/', place).endsWith(`/${was}/`);
    if (!isFile && !isFolder) continue;
    const start = found.index + head.length + source.length + gap.length;
    const [old, fresh] = isFile ? [target.from, target.to] : [`${was}/`, now === '.' ? '' : `${now}/`];
    const lead = place.slice(0, place.length - old.length);
    const whole = `${lead}${fresh}` || './';
    if (whole === place) continue;
    const line = lineAt(text, start);
    edits.push({
      path,
      start,
      end: start + place.length,
      line,
      from: place,
      with: whole,
      why: 'reference',
      proof: `${target.from} is copied there`,
    });
  }
  return edits;
}
