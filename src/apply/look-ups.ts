/** Keys for names in a staged text file, of whatever parts a merge makes of it: nothing where there is nothing to look up. */
import type { Session } from '../audit/session.ts';
import type { MergeSpec } from '../merge/model.ts';

export async function withLookUps(
  session: Session,
  spec: MergeSpec,
  source: number,
  { file, target, seconds }: { readonly file: string; readonly target: string | null; readonly seconds: number },
): Promise<void> {
  const lookups = spec.tables.flatMap(({ parts }) =>
    parts.flatMap((part) =>
      part.source === source ? (part.lookups ?? []).map((one) => ({ ...one, of: part.table })) : [],
    ),
  );
  if (lookups.length > 0 && target !== null) await session.pool.ask('lookUp', { file, target, lookups }, seconds);
}
