/** What a command that changes a project stands on, from the process that it runs in. */
import { randomBytes } from 'node:crypto';
import type { ProjectGround, RunProgress } from '../apply/ground.ts';
import type { CommonOptions, Context } from './context.ts';
import { openState } from './open-state.ts';

/** `command`: as others are told of it who are kept out meanwhile. Makes nothing. */
export async function openGround(
  context: Context,
  options: CommonOptions & { readonly config?: string },
  command: string,
  onProgress: (progress: RunProgress) => void,
): Promise<ProjectGround> {
  const [{ root, config, state }, { processIdentity }, { VERSION }] = await Promise.all([
    openState(context, options),
    import('../state/processes.ts'),
    import('../version.ts'),
  ]);
  return {
    disk: context.disk,
    root,
    real: root,
    state,
    config,
    tool: VERSION,
    command,
    identity: processIdentity(),
    // Checks get it, pointed into their copy.
    env: process.env,
    scratchDir: context.scratchDir,
    cacheDir: context.cacheDir,
    now: () => context.now(),
    random: (digits) =>
      randomBytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    signal: context.signal,
    onProgress,
  };
}
