/** A store as it was in git: what a merge takes for an earlier common state. */
import type { Session } from '../audit/session.ts';
import type { MergeAncestor } from '../merge/propose/model.ts';
import { openGit } from '../project/git.ts';
import type { Table } from '../stores/model.ts';
import { UnreadableStore } from '../stores/reader.ts';

/** As many as an audit looks for an ancestor among. */
const VERSIONS = 10;

/** In a scratch file of the session. Throws `UnreadableStore`. */
export async function versionOf(
  session: Session,
  { path, commit }: MergeAncestor,
): Promise<{ readonly file: string; readonly tables: readonly Table[] }> {
  const git = await openGit(session.root, [path]);
  const versions = (await git?.history(path, VERSIONS)) ?? [];
  const version = versions.find((one) => one.commit === commit);
  if (git === null || version === undefined)
    throw new UnreadableStore('vanished', `${path} of ${commit?.slice(0, 10)} is in git no more`);
  const file = session.scratch.file('.db');
  await git.extract(version.blob, file);
  const options = { sampleRows: 0, digestRows: 0, integrity: false, freshness: false, now: 0 };
  const source = { file, kind: 'sqlite' } as const;
  const read = await session.pool.ask('contents', { source, settle: true, options }, session.seconds(version.bytes));
  if (read.sqlite === undefined || read.sqlite.encoding === 'UTF-8') return { file, tables: read.tables };
  const to = session.scratch.file('.utf8.db');
  await session.pool.ask('transcode', { file, to }, session.seconds(version.bytes * 2));
  return { file: to, tables: read.tables };
}
