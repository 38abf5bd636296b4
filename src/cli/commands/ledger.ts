/** `desprawl ledger [RUN]`: what became of every row that a run merged. Changes nothing; `--id-map` writes new files. */
import { type Command, Option } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { IdMapDocument } from '../../merge/ledger/documents.ts';
import type { CliCommand } from '../command.ts';
import { type Context, page } from '../context.ts';
import { askedOf, filterOptions, type LedgerOptions, ledgerGround, rowOptions } from '../ledger-options.ts';

interface Options extends LedgerOptions {
  readonly idMap?: boolean;
  readonly to?: string;
}

export const ledgerCommand: CliCommand = {
  name: 'ledger',
  summary: 'show what became of every row that a run merged; changes nothing',
  define: (command: Command) =>
    rowOptions(
      filterOptions(command.argument('[run]', 'a run, by its name or the end of it; the newest in force that merged'))
        .addOption(
          new Option('--presence <what>', 'only rows that became this').choices([
            'inserted',
            'identical',
            'merged',
            'retained',
          ]),
        )
        .option('--differs', 'only rows of which two values existed'),
    )
      .option('--id-map', 'write which key became which, one CSV per source table, into new files')
      .option('--to <dir>', 'folder of the id map; made where it is not there'),
  run: async (context, [run], common) => {
    const options = common as Options;
    assertIdMap(options);
    const ground = await ledgerGround(context, options);
    const asked = askedOf(run, options);
    const { toJson } = await import('../../report/json.ts');
    const form = page(context.out, options);
    if (options.to !== undefined) {
      const document = await idMaps(context, ground, asked, options.to);
      const { idMapToTerminal } = await import('../../report/ledger/ledger-terminal.ts');
      await context.out.write(options.json === true ? toJson(document) : idMapToTerminal(document, form));
      return EXIT.ok;
    }
    const [{ readLedger }, { ledgerToTerminal }] = await Promise.all([
      import('../../apply/read-ledger.ts'),
      import('../../report/ledger/ledger-terminal.ts'),
    ]);
    const document = await readLedger(ground, asked);
    await context.out.write(options.json === true ? toJson(document) : ledgerToTerminal(document, form));
    return document.balanced ? EXIT.ok : EXIT.no;
  },
};

function assertIdMap({ idMap, to, presence, differs, limit, showValues }: Options): void {
  if (idMap !== true && to === undefined) return;
  if (idMap !== true) throw new DesprawlError('DSP-USAGE', '`--to` is the folder of `--id-map`.');
  if (to === undefined) throw new DesprawlError('DSP-USAGE', '`--id-map` needs a folder: `--to DIR`.');
  if ([presence, differs, limit, showValues].some((one) => one !== undefined)) {
    throw new DesprawlError('DSP-USAGE', 'An id map is whole: only --action, --table and --store choose of it.');
  }
}

async function idMaps(
  context: Context,
  ground: Awaited<ReturnType<typeof ledgerGround>>,
  asked: ReturnType<typeof askedOf>,
  to: string,
): Promise<IdMapDocument> {
  const [{ withIdMaps }, { placeIdMaps }, { resolve }] = await Promise.all([
    import('../../apply/make-id-maps.ts'),
    import('../../exports/place-id-maps.ts'),
    import('node:path'),
  ]);
  return withIdMaps(ground, asked, ({ run, files }) => {
    const names = placeIdMaps(context.disk, resolve(context.cwd, to), files);
    return { version: 1, run, to, files: files.map((one, i) => ({ ...one, file: names[i] ?? '' })) };
  });
}
