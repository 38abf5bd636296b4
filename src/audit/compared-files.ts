/** Which files near-copies are looked for among: written by people, and not made to repeat each other. */
import { purposeOf } from '../bindings/purpose.ts';
import type { FileFacts, LanguageId } from '../code/facts.ts';
import { isForeignCode } from './foreign-code.ts';

const LANGUAGES: ReadonlySet<LanguageId> = new Set<LanguageId>(['python', 'typescript', 'php', 'shell']);
/** Declarations, barrels of packages, bundles; settings of tools and stories are alike by nature. */
const ALIKE_BY_NATURE =
  /(?:^|\/)__init__\.py$|\.pyi$|\.d\.[cm]?ts$|\.min\.[cm]?js$|\.(?:config|config\.\w+|stories)\.[cm]?[jt]sx?$|(?:^|\/)(?:locales?|i18n|lang|translations|__generated__|generated|__snapshots__|stubs?|templates?|examples?|samples?)\//i;

export function isCompared(path: string, facts: FileFacts): boolean {
  if (!LANGUAGES.has(facts.language) || facts.read === 'none' || facts.generated === true) return false;
  if (ALIKE_BY_NATURE.test(path) || isForeignCode(path)) return false;
  const purpose = purposeOf(path);
  return purpose === 'application' || purpose === 'script';
}
