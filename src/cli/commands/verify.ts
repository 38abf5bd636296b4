/** `desprawl verify [RUN]`: what a run left, compared with what it was to leave and with the state before. Changes nothing. */
import { type Command, Option } from 'commander';
import { DesprawlError, EXIT } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { type CommonOptions, page } from '../context.ts';
import { progressLine } from '../progress.ts';

interface Options extends CommonOptions {
  readonly runChecks?: boolean;
  readonly format?: 'terminal' | 'json' | 'md';
  readonly out?: string;
}

export const verifyCommand: CliCommand = {
  name: 'verify',
  summary: 'compare what a run left with what it was to leave, and with the state before',
  define: (command: Command) =>
    command
      .argument('[run]', 'a run, by its name or the end of it; the newest that is in force if left out')
      .option('--run-checks', 'run the commands of checks in desprawl.yaml, in copies')
      .addOption(new Option('--format <format>', 'how the report is written').choices(['terminal', 'json', 'md']))
      .option('--out <file>', 'write the report into a new file'),
  run: async (context, args, common) => {
    const options = common as Options;
    const [{ openGround }, { withState }, { verifyRun }, { findRun }] = await Promise.all([
      import('../open-ground.ts'),
      import('../../apply/with-state.ts'),
      import('../../apply/verify-run.ts'),
      import('../../apply/known-runs.ts'),
    ]);
    const progress = progressLine(context, options);
    const ground = await openGround(context, options, 'verify', progress.report);
    const [{ consentOf }, { openAsk }] = await Promise.all([import('../consent.ts'), import('../ask.ts')]);
    const ask = openAsk(context, options);
    const report = await withState(ground, async (known) => {
      const [name] = args;
      const run =
        name === undefined
          ? (known.waiting ??
            known.runs.find(
              ({ header, status }) => header.kind === 'apply' && (status.is === 'applied' || status.is === 'verified'),
            ))
          : findRun(known.runs, name);
      if (run === undefined) throw new DesprawlError('DSP-RUN-UNKNOWN', 'There is no run in force to be verified.');
      if (run.status.is === 'interrupted' || run.status.is === 'running' || run.status.is === 'prepared') {
        throw new DesprawlError(
          'DSP-RUN-INTERRUPTED',
          `The run ${run.id} is not finished: there is nothing to verify yet.`,
        );
      }
      if (run.status.is === 'rolled back') {
        throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${run.id} was rolled back by ${run.status.by}.`, {
          hint: 'Nothing of it is in force. `desprawl runs` lists the others.',
        });
      }
      const consent = await consentOf(context, ground, options.runChecks === true, ask);
      return verifyRun(ground, { run, known, consent });
    }).finally(() => {
      ask?.close();
      progress.done();
    });
    const text = await render();
    if (options.out === undefined) {
      await context.out.write(text);
    } else {
      const [{ putNewFile }, { resolve }] = await Promise.all([
        import('../../steps/put-new-file.ts'),
        import('node:path'),
      ]);
      putNewFile(context.disk, resolve(context.cwd, options.out), text);
      await context.err.write(`written: ${options.out}\n`);
    }
    return report.ok ? EXIT.ok : EXIT.no;

    async function render(): Promise<string> {
      const { basename } = await import('node:path');
      const project = basename(ground.root);
      switch (options.format ?? (options.json === true ? 'json' : 'terminal')) {
        case 'json':
          return (await import('../../report/json.ts')).toJson(report);
        case 'md':
          return (await import('../../report/verify/verify-markdown.ts')).verifyToMarkdown(report, project);
        case 'terminal': {
          const { verifyToTerminal } = await import('../../report/verify/verify-terminal.ts');
          const form = page(context.out, options.out === undefined ? options : { color: false });
          return verifyToTerminal(report, { ...form, project });
        }
      }
    }
  },
};
