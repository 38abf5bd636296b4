/** The id maps of a run as files of ours, for who gives them their names. */
import type { IdMapPart } from '../merge/ledger/documents.ts';
import { withLedgerSession } from './ledger-session.ts';
import { chosenMerges, filesOf, type LedgerGround, type MergesAsked, sizeOf } from './which-ledger.ts';

export interface IdMapsMade {
  readonly run: string;
  readonly files: readonly (IdMapPart & { readonly action: string })[];
}

/** Writes id maps into private files, which `place` gives their names; they are gone afterwards. */
export async function withIdMaps<T>(
  ground: LedgerGround,
  asked: MergesAsked,
  place: (made: IdMapsMade) => T,
): Promise<T> {
  const { run, merges } = chosenMerges(ground, asked);
  return withLedgerSession(ground, async (session) => {
    const files: (IdMapPart & { readonly action: string })[] = [];
    for (const about of merges) {
      const from = filesOf(ground, run, about);
      const folder = session.scratch.file('.id-maps');
      ground.disk.mkdir(folder, 0o700);
      const seconds = session.seconds(sizeOf(ground, [from.ledger, from.merged, ...from.sources]));
      const made = await session.pool.ask('idMaps', { files: from, filter: asked.filter, folder }, seconds);
      files.push(...made.map((one) => ({ action: about.action, ...one })));
    }
    return place({ run: run.id, files });
  });
}
