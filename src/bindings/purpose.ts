/** What a file is for, as far as its place tells: the application, a test, a migration, a script beside it. */
import { remembered } from '../lazily.ts';
import type { Binding } from './model.ts';

const TEST =
  /(?:^|\/)(?:tests?|__tests__|spec|specs|e2e|cypress|playwright|fixtures?)\/|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$|\.(?:test|spec)\.[cm]?[jt]sx?$/i;
const MIGRATION = /(?:^|\/)(?:migrations?|alembic|versions|\.?drizzle)\/|(?:^|\/)(?:migrate|migration)[\w-]*\.[a-z]+$/i;
const SCRIPT = /(?:^|\/)(?:scripts?|tools?|bin|seeds?|utils?\/scripts|maintenance|devtools|one[-_]?off)\//i;

/** Asked of each path again and again. */
export const purposeOf: (path: string) => Binding['purpose'] = remembered((path: string) => {
  if (TEST.test(path)) return 'test';
  if (MIGRATION.test(path)) return 'migration';
  return SCRIPT.test(path) || /\.(?:sh|sql)$/.test(path) ? 'script' : 'application';
});
