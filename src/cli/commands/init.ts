/** `desprawl init`: writes a commented `desprawl.yaml` from what an audit found. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { DEFAULT_CONFIG } from '../../config/config.ts';
import { EXIT } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { projectRoot } from '../context.ts';
import { progressLine } from '../progress.ts';

export const initCommand: CliCommand = {
  name: 'init',
  summary: 'write a commented desprawl.yaml from an audit',
  define: (command: Command) => command.option('--stdout', 'print it instead of writing it'),
  run: async (context, _args, options) => {
    const [{ audit }, { configFromAudit }, { CONFIG_NAME }, { putNewFile }, { toJson }] = await Promise.all([
      import('../../audit/audit.ts'),
      import('../../report/config-file.ts'),
      import('../../config/read-config.ts'),
      import('../../steps/put-new-file.ts'),
      import('../../report/json.ts'),
    ]);
    const root = projectRoot(context, options);
    const progress = progressLine(context, options);
    const result = await audit({
      root,
      config: DEFAULT_CONFIG,
      exact: false,
      timeoutSeconds: DEFAULT_CONFIG.audit.timeout,
      cacheDir: context.cacheDir,
      scratchDir: context.scratchDir,
      now: context.now(),
      onProgress: progress.report,
      signal: context.signal,
    }).finally(progress.done);
    const text = configFromAudit(result);
    const { stdout, json } = options as { stdout?: boolean; json?: boolean };
    if (stdout !== true) putNewFile(context.disk, join(root, CONFIG_NAME), text);
    if (json === true) await context.out.write(toJson({ version: 1, path: stdout ? null : CONFIG_NAME, text }));
    else if (stdout === true) await context.out.write(text);
    else await context.out.write(`written: ${CONFIG_NAME}\nnext   read it, correct it, then: desprawl audit\n`);
    return EXIT.ok;
  },
};
