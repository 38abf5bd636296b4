/**
 * Imports in files that are no language here: components of Vue, Svelte and Astro, MDX, scripts in HTML. What they load is
 * loaded; read by the shape of an import statement alone.
 */
import type { ImportFact } from '../facts.ts';
import type { SourceTree } from '../resolve.ts';
import { linesOf } from '../text-lines.ts';

const MARKUP = /\.(?:vue|svelte|astro|mdx|html?)$/;
const IMPORT =
  /(?:\bfrom\s{0,9}|\bimport\s{0,9}\(?\s{0,9})(['"])([^'"\n]{1,300})\1|<script\b[^>]{0,300}?\bsrc\s{0,9}=\s{0,9}(['"])([^'"\n]{1,300})\3/g;
const MOST = 500_000;

export function* markupImports(tree: SourceTree): Iterable<{ readonly from: string; readonly fact: ImportFact }> {
  for (const from of tree.paths) {
    if (!MARKUP.test(from)) continue;
    const text = tree.readText(from)?.slice(0, MOST);
    if (text === undefined || !/import|<script/i.test(text)) continue;
    let lines: ReturnType<typeof linesOf> | undefined;
    for (const match of text.matchAll(IMPORT)) {
      const written = match[2] ?? match[4] ?? '';
      const isScript = match[4] !== undefined;
      if (/^[a-z][\w+.-]*:|^\/\/|[{}$<>]/i.test(written)) continue;
      // A page names a file beside it without `./`.
      const module = isScript && !/^[./]/.test(written) ? `./${written}` : written;
      const start = match.index + match[0].length - 1 - written.length;
      lines ??= linesOf(text);
      const at = [start, start + written.length, lines.lineAt(start)] as const;
      yield { from, fact: { module, names: [], kind: 'static', scope: 0, at } };
    }
  }
}
