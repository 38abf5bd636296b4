/** What is certain of a text that code puts together, read from its spelling: what stands before the first hole and behind the last. */

export interface WrittenName {
  readonly before: string;
  readonly after: string;
  /** It begins with the name of the package that the code stands in: `f"{__package__}.x"`. */
  readonly ownPackage: boolean;
}

const LITERAL =
  /^[rRbBuUfF]{0,2}(?:"""([\s\S]*?)"""|'''([\s\S]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/;
const HOLE = '\0';

/** `source` begins with the expression; what follows it is ignored. */
export function readWrittenName(source: string): WrittenName {
  let rest = source.trimStart();
  let joined = '';
  let ownPackage = false;
  for (let part = 0; part < 20; part++) {
    const match = LITERAL.exec(rest);
    if (match !== null) {
      const isFormat = /^[rR]?[fF]/.test(match[0]) || match[5] !== undefined;
      joined += holes(match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '', isFormat);
      rest = rest.slice(match[0].length).trimStart();
      // `"plugins.{}".format(x)`, `"plugins.%s" % x`
      if (/^\.format\b|^%/.test(rest)) {
        joined = joined.replace(/\{[^{}]*\}|%[sd]/g, HOLE);
        break;
      }
    } else {
      const name = /^[\w$.]+/.exec(rest)?.[0];
      if (name === undefined) break;
      if (joined === '' && /^(?:__name__|__package__)$/.test(name)) joined = '\x01';
      else joined += HOLE;
      rest = rest.slice(name.length);
      if (rest.startsWith('(') || rest.startsWith('[')) {
        joined += HOLE;
        break;
      }
      rest = rest.trimStart();
    }
    if (!rest.startsWith('+')) break;
    rest = rest.slice(1).trimStart();
  }
  // `import_module("." + name, package=__package__)`; `import_module(f".{x}", __name__)` is one dot as well.
  if (joined.startsWith('\x01')) {
    ownPackage = true;
    joined = joined.slice(1).replace(/^\./, '');
  }
  const first = joined.indexOf(HOLE);
  const last = joined.lastIndexOf(HOLE);
  return first < 0
    ? { before: joined, after: '', ownPackage }
    : { before: joined.slice(0, first), after: joined.slice(last + 1), ownPackage };
}

function holes(text: string, isFormat: boolean): string {
  if (!isFormat) return text;
  return text.replace(/\$?\{([^{}]*)\}/g, (_whole, inside: string, at: number) =>
    at === 0 && /^(?:__name__|__package__)$/.test(inside.trim()) ? '\x01' : HOLE,
  );
}
