/** Asks the owner once whether the commands of the project's checks may run (promise 9). The same commands are not asked for again. */
import type { ProjectGround } from '../apply/ground.ts';
import { printable } from '../report/printable.ts';
import type { Ask } from './ask.ts';
import type { Context } from './context.ts';

/**
 * `given`: `--run-checks`. `ask`: `null` where there is no terminal; then what nobody agreed to is not run, and not verified. The caller
 * holds the state, whose folder is there.
 */
export async function consentOf(
  context: Context,
  ground: ProjectGround,
  given: boolean,
  ask: Ask | null,
): Promise<boolean> {
  const { commandsOf, giveConsent, hasConsent } = await import('../checks/consent.ts');
  const { disk, state, config } = ground;
  if (hasConsent(disk, state.path, config)) return true;
  const at = new Date(ground.now()).toISOString();
  if (given) {
    giveConsent(disk, state.path, config, '--run-checks', at);
    return true;
  }
  if (ask === null) return false;
  const lines = commandsOf(config).map(({ name, command }) => `  ${printable(name)}  ${printable(command)}\n`);
  await context.err.write(`The checks of this project run these commands, each in a copy of it:\n${lines.join('')}`);
  const agreed = await ask.confirm('May they run?', false);
  if (agreed) giveConsent(disk, state.path, config, 'terminal', at);
  return agreed;
}
