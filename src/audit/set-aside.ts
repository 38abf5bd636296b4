/** Files that only look like the project's code: tests, examples, docs, templates, old copies, what others or programs wrote. */
import { purposeOf } from '../bindings/purpose.ts';
import type { FileFacts } from '../code/facts.ts';
import { remembered } from '../lazily.ts';

const ASIDE =
  /(?:^|\/)(?:examples?|samples?|demos?|docs?|documentation|tutorials?|templates?|stubs?|mocks?|testdata|vendor|vendored|third[-_]?party|node_modules|site-packages|_?archived?|legacy|deprecated|backups?|old|dist|coverage)\/|(?:^|\/)(?:test|example|sample)[-_.][^/]*$|[.-](?:example|sample|template|dist|bak|old|orig)(?:\.[a-z]+)?$|(?:^|\/)\.env\.(?:test|testing|ci)$|\.min\.js$/i;

const isPathAside = remembered((path: string) => ASIDE.test(path) || purposeOf(path) === 'test');

export function isAside(path: string, facts?: FileFacts): boolean {
  return isPathAside(path) || facts?.generated === true;
}
