/**
 * `sys.path.insert(0, <path>)` where the path is built from `__file__` and literals: as a path relative to the file's own folder. Read from
 * the text, with simple assignments put in for names; anything else is not understood, which costs a root and nothing more.
 */

const MAX_EXPRESSION = 400;
const MAX_STEPS = 6;
/** Calls and members that leave a path what it is. */
const HARMLESS =
  /\b(?:os\.path\.(?:abspath|realpath|normpath)|abspath|realpath|normpath|pathlib\.Path|Path|str|os\.fspath|fspath)\b|\.(?:resolve|absolute|as_posix|expanduser)\(\)/g;

/** The folder, relative to the file's: `.`, `..`, `../src`. */
export function folderOnPath(text: string, from: number, to: number): string | undefined {
  let expression = text.slice(from, Math.min(to, from + MAX_EXPRESSION));
  for (let step = 0; step < MAX_STEPS && !expression.includes('__file__'); step++) {
    const name =
      /(?<![\w."'])(?!os\b|sys\b|str\b|Path\b|pathlib\b|dirname\b|join\b|abspath\b|realpath\b)[A-Za-z_]\w*(?![\w("'])/.exec(
        expression.replace(/(["'])[^"']*\1/g, (literal) => ' '.repeat(literal.length)),
      );
    if (name === null) return undefined;
    const value = assigned(text, name[0]);
    if (value === undefined) return undefined;
    expression = `${expression.slice(0, name.index)}${value}${expression.slice(name.index + name[0].length)}`;
    if (expression.length > 2 * MAX_EXPRESSION) return undefined;
  }
  return folderOf(expression);
}

function assigned(text: string, name: string): string | undefined {
  const match = new RegExp(`^[ \\t]*${name}[ \\t]*(?::[^=\\n]{1,40})?=[ \\t]*([^\\n#]{1,300})`, 'm').exec(text);
  return match?.[1]?.trim();
}

/** How many folders up, then the literals in their order. */
function folderOf(expression: string): string | undefined {
  const literals: string[] = [];
  const bare = expression
    .replace(/r?(["'])([^"'\n]*)\1/g, (_, _quote, literal: string) => {
      literals.push(literal);
      return '""';
    })
    .replace(HARMLESS, '');
  let up = 0;
  const rest = bare
    .replace(/\.parents\[(\d{1,2})\]/g, (_, index: string) => {
      up += Number(index) + 1;
      return '';
    })
    .replace(/\.parent\b|\b(?:os\.path\.|path\.)?dirname\b/g, () => {
      up++;
      return '';
    })
    .replace(/\b(?:os\.path\.|path\.)?join\b|\.joinpath\b|\bos\.(?:pardir|path\.pardir)\b/g, (part) => {
      if (part.endsWith('pardir')) literals.push('..');
      return '';
    });
  if (!/^[\s(),/"+[\]]*__file__[\s(),/"+[\]]*$/.test(rest)) return undefined;
  if (up === 0 && literals[0] === undefined) return undefined;
  const segments: string[] = Array.from({ length: Math.max(0, up - 1) }, () => '..');
  // join(__file__, "..", "..") leaves the file by its first `..`.
  const parts = literals.flatMap((literal) => literal.split(/[\\/]/)).filter((part) => part !== '' && part !== '.');
  if (up === 0 && parts.shift() !== '..') return undefined;
  for (const part of parts) {
    if (part === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(part);
  }
  return segments.length === 0 ? '.' : segments.join('/');
}
