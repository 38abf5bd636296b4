/** The project that a command is about, its configuration, and where its state lies: for commands that need no audit to answer. */
import { realpathSync, statSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { DesprawlError } from '../errors.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { type CommonOptions, type Context, projectRoot } from './context.ts';

export interface OpenedState {
  /** The real path of the project. */
  readonly root: string;
  readonly config: Config;
  readonly state: StateFolder;
}

/** Throws `DSP-PROJECT-MISSING`, `DSP-PROJECT-NOT-A-FOLDER`, `DSP-CONFIG-INVALID`, `DSP-STATE`. Makes nothing. */
export async function openState(
  context: Context,
  options: CommonOptions & { readonly config?: string },
): Promise<OpenedState> {
  const named = projectRoot(context, options);
  const stat = statSync(named, { throwIfNoEntry: false });
  if (stat === undefined) throw new DesprawlError('DSP-PROJECT-MISSING', `There is no folder ${named}.`);
  if (!stat.isDirectory()) throw new DesprawlError('DSP-PROJECT-NOT-A-FOLDER', `${named} is not a folder.`);
  const root = realpathSync(named);
  const [{ readConfig }, { stateFolder }] = await Promise.all([
    import('../config/read-config.ts'),
    import('../state/state-folder.ts'),
  ]);
  const config = await readConfig(root, options.config, async () => {
    // The detectors are most of the program: who has no configuration does not wait for them.
    const { detectors } = await import('../audit/detectors/index.ts');
    return detectors.map(({ doc }) => doc.code);
  });
  const state = stateFolder(context.disk, {
    stateDir: context.stateDir,
    root,
    ...(config.state === undefined ? {} : { configured: config.state }),
  });
  return { root, config, state };
}
