import type { Audit } from '../audit/model.ts';
import { openable, openableWhole, type Session } from '../audit/session.ts';
import { tablesOfCode } from '../merge/declared/tables-of-code.ts';
import { declaredTroubles } from '../merge/declared/troubles.ts';
import type { MergeFiles, MergeResult, MergeSpec } from '../merge/model.ts';
import type { MergeAncestor, MergeAsked, MergePort, MergeTried } from '../merge/propose/model.ts';
import { ancestorsOf, type ProposeInput } from '../merge/propose/propose.ts';
import type { Link } from '../rows/links.ts';
import type { Store, Table } from '../stores/model.ts';
import { withLookUps } from './look-ups.ts';
import { versionOf } from './store-version.ts';
import { type SessionInput, withSession } from './with-session.ts';

export function mergePort(input: SessionInput): MergePort {
  const inputs = new Map<string, Promise<ProposeInput>>();
  const tried = new Map<string, Promise<MergeTried>>();
  const once = <T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  return {
    inputOf: (asked) =>
      once(inputs, JSON.stringify(asked), () =>
        withSession(input, 'A store that is to be merged', (session) => look(session, asked, input)),
      ),
    tryOut: (asked, spec, ancestors) =>
      once(tried, JSON.stringify([asked, spec, ancestors]), () =>
        withSession(input, 'A store that is to be merged', (session) => tryOut(session, asked, spec, ancestors, input)),
      ),
  };
}

async function look(session: Session, asked: MergeAsked, { audit }: SessionInput): Promise<ProposeInput> {
  const stores = partakers(asked, audit);
  const others = (path: string): readonly string[] => stores.map((one) => one.path).filter((one) => one !== path);
  const links = new Map<string, readonly Link[]>();
  for (const store of stores) {
    const { file } = await openable(session, store);
    const beside = [];
    for (const path of others(store.path)) {
      const other = stores.find((one) => one.path === path);
      if (other !== undefined) beside.push({ file: (await openable(session, other)).file, tables: other.tables });
    }
    const bytes = stores.reduce((sum, one) => sum + one.bytes, 0);
    const request = { file, tables: store.tables, others: beside };
    links.set(store.path, await session.pool.ask('links', request, session.seconds(bytes)));
  }
  const versions = new Map<string, readonly Table[]>();
  for (const ancestor of ancestorsOf(asked, audit)) {
    if (ancestor === null || ancestor.commit === null || versions.has(ancestor.from)) continue;
    versions.set(ancestor.from, (await versionOf(session, ancestor)).tables);
  }
  return { asked, facts: audit, links, others, versions };
}

/** Target and sources that could be read, by path. */
function partakers({ target, sources, foreign }: MergeAsked, { stores }: Audit): readonly Store[] {
  const wanted = new Set([target, ...sources]);
  return stores
    .filter(({ path, status }) => wanted.has(path) && status === 'verified' && !foreign.includes(path))
    .sort((x, y) => (x.path < y.path ? -1 : 1));
}

async function tryOut(
  session: Session,
  asked: MergeAsked,
  spec: MergeSpec,
  ancestors: readonly (MergeAncestor | null)[],
  { audit }: SessionInput,
): Promise<MergeTried> {
  const made = await mergedFile(session, { target: asked.target, spec, ancestors }, audit);
  if ('why' in made) return made;
  const { result, bytes } = made;
  // Where something is unsettled, nothing was made.
  const tables = result.unsettled.length > 0 ? [] : tablesOfCode(spec, asked.target, audit);
  const files = new Map([
    [asked.target, made.files.target],
    ...spec.sources.map(
      ({ path, kind }, i) => [path, kind === 'text' ? null : (made.files.sources[i] ?? null)] as const,
    ),
  ]);
  const declared = await declaredTroubles(
    { tables, merged: made.file, fileOf: (path) => files.get(path) ?? null, facts: audit },
    (one) => session.pool.ask('smokeOpen', one, session.seconds(bytes * 4)),
  );
  return { result, declared };
}

interface Made {
  readonly file: string;
  /** Of the stores together. */
  readonly bytes: number;
  readonly files: MergeFiles;
  readonly result: MergeResult;
  readonly ledger: string;
}

/** What the engine makes of a specification, in a scratch file of the session. `why`: what stands in the way. */
export async function mergedFile(
  session: Session,
  asked: {
    readonly target: string;
    readonly spec: MergeSpec;
    readonly ancestors: readonly (MergeAncestor | null)[];
  },
  audit: Audit,
): Promise<Made | { readonly why: string }> {
  const { target, spec, ancestors } = asked;
  const storeOf = (path: string): Store | undefined => audit.stores.find((one) => one.path === path);
  const fileOf = async (path: string): Promise<string | null> => {
    const store = storeOf(path);
    return store === undefined || store.status === 'empty' ? null : (await openableWhole(session, store)).file;
  };
  const sources: string[] = [];
  const own = await fileOf(target);
  for (const [i, { path, kind }] of spec.sources.entries()) {
    const file = await fileOf(path);
    if (file === null) return { why: `${path} could not be read` };
    const seconds = session.seconds(storeOf(path)?.bytes ?? 0);
    // Staged for this session alone.
    if (kind === 'text') await withLookUps(session, spec, i, { file, target: own, seconds });
    sources.push(file);
  }
  const earlier: (string | null)[] = [];
  for (const one of ancestors.slice(0, sources.length)) {
    if (one === null) earlier.push(null);
    else earlier.push(one.commit === null ? await fileOf(one.path) : (await versionOf(session, one)).file);
  }
  const bytes = [target, ...spec.sources.map(({ path }) => path)].reduce(
    (sum, path) => sum + (storeOf(path)?.bytes ?? 0),
    0,
  );
  const request = {
    spec,
    files: { target: own, sources, ancestors: earlier },
    merged: session.scratch.file('.merged.db'),
    ledger: session.scratch.file('.ledger.db'),
    target: { path: target, sha256: null },
    sha256: sources.map(() => null),
  };
  const result = await session.pool.ask('merge', request, session.seconds(bytes * 4));
  return { file: request.merged, bytes, files: request.files, result, ledger: request.ledger };
}
