/** Globs as build tools, shells and test runners write them: `**`, `*`, `?`, `{a,b}`, `[ab]`. */

export function isGlob(text: string): boolean {
  return /[*?]|\{[^{}]*,[^{}]*\}/.test(text);
}

/** Never backtracks more than the number of its stars allows: long runs of them count as one, more than ten match nothing. */
export function globRegExp(glob: string): RegExp {
  const plain = glob
    .replace(/^\.\//, '')
    .replace(/\*{3,}/g, '**')
    .replace(/(?:\*\*\/)+/g, '**/');
  if (plain.split('*').length > 20 || plain.length > 500) return /(?!)/;
  let source = '';
  let group = 0;
  for (let i = 0; i < plain.length; i++) {
    const sign = plain[i] as string;
    if (plain.startsWith('**/', i)) {
      source += '(?:[^/]+/)*';
      i += 2;
    } else if (plain.startsWith('**', i)) {
      source += '.*';
      i++;
    } else if (sign === '*') source += '[^/]*';
    else if (sign === '?') source += '[^/]';
    else if (sign === '{') {
      group++;
      source += '(?:';
    } else if (sign === '}' && group > 0) {
      group--;
      source += ')';
    } else if (sign === ',' && group > 0) source += '|';
    else source += sign.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
  }
  return new RegExp(`^${source}${')'.repeat(group)}$`);
}
