/** The shortest pattern that means a set of files of one folder, with the ones that it must leave out. */
import { matching } from '../compile/members.ts';

export interface Pattern {
  readonly subject: string;
  readonly except: readonly string[];
}

/** More exceptions than that are no shorter than the files themselves. */
const MOST_EXCEPTIONS = 12;

/** `null`: they are better listed. `paths`: of the whole project. */
export function patternOf(files: readonly string[], paths: readonly string[]): Pattern | null {
  const [first] = files;
  if (first === undefined || files.length < 2 || files.some((path) => /[*?[\]\\!#]/.test(path))) return null;
  const folder = first.slice(0, first.lastIndexOf('/') + 1);
  if (files.some((path) => path.slice(0, path.lastIndexOf('/') + 1) !== folder)) return null;
  const names = files.map((path) => path.slice(folder.length));
  const [start, end] = [common(names), common(names.map(reversed))];
  const longest = Math.min(...names.map((name) => name.length));
  const tail = reversed(end.slice(0, Math.max(0, longest - start.length)));
  // A date or a number is not cut in two: what varies, varies as a whole.
  const head = start.replace(/[\d.-]*$/, (digits) => /^[-._]?/.exec(digits)?.[0] ?? '');
  const rest = tail.replace(/^[\d-]+/, '');
  const subject = `${folder}${head}*${rest}`;
  // In the root a pattern holds in every folder: what it means there is an exception too.
  const matched = matching(subject, paths);
  const going = new Set(files);
  const except = matched.filter((path) => !going.has(path));
  const isFewer = except.length <= MOST_EXCEPTIONS && except.length < files.length;
  return isFewer && files.every((path) => matched.includes(path)) ? { subject, except } : null;
}

function common(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let n = 0;
  while (n < first.length && others.every((word) => word[n] === first[n])) n++;
  return first.slice(0, n);
}

const reversed = (text: string): string => [...text].reverse().join('');
