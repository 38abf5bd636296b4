/** `desprawl doctor`: what this machine offers and what follows from it. */
import { EXIT } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { page } from '../context.ts';

export const doctorCommand: CliCommand = {
  name: 'doctor',
  summary: 'say what this machine offers: driver, versions, disk, permissions',
  define: (command) => command,
  run: async (context, _args, options) => {
    const [{ doctor }, { doctorToTerminal }, { toJson }] = await Promise.all([
      import('../../doctor/doctor.ts'),
      import('../../report/doctor-terminal.ts'),
      import('../../report/json.ts'),
    ]);
    const { platform, scratchDir, cacheDir, stateDir } = context;
    const result = await doctor({ platform, node: process.version, scratchDir, cacheDir, stateDir });
    await context.out.write(
      options.json === true ? toJson(result) : doctorToTerminal(result, page(context.out, options)),
    );
    return result.checks.some(({ state }) => state === 'missing') ? EXIT.no : EXIT.ok;
  },
};
