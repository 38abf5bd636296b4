/** `desprawl audit`: every store of a project, what is in it, and what is wrong. Changes nothing. */
import { type Command, Option } from 'commander';
import type { Audit, Severity } from '../../audit/model.ts';
import { DesprawlError, EXIT } from '../../errors.ts';
import { type CliCommand, positive } from '../command.ts';
import { type CommonOptions, type Context, page, projectRoot } from '../context.ts';
import { progressLine } from '../progress.ts';

interface Options extends CommonOptions {
  readonly exact?: boolean;
  readonly details?: boolean;
  readonly format?: 'terminal' | 'json' | 'markdown' | 'sarif';
  readonly out?: string;
  readonly html?: string;
  readonly failOn: Severity | 'never';
  readonly cache: boolean;
  readonly timeout?: number;
  readonly config?: string;
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

export const auditCommand: CliCommand = {
  name: 'audit',
  summary: 'find every store of a project and say what is wrong; changes nothing',
  define: (command: Command) =>
    command
      .option('--details', 'after the first screen: each finding with its evidence, each store')
      .option('--exact', 'compare every row of large tables too')
      .addOption(
        new Option('--format <format>', 'how the report is written').choices(['terminal', 'json', 'markdown', 'sarif']),
      )
      .option('--out <file>', 'write the report into a new file')
      .option('--html <file>', 'also write one self-contained page with the picture; replaces an earlier one')
      .addOption(
        new Option('--fail-on <severity>', 'exit with 1 from this severity on')
          .choices([...SEVERITIES, 'never'])
          .default('low'),
      )
      .option('--no-cache', 'measure everything again, remember nothing')
      .option('--timeout <seconds>', 'what reading one store may take; large ones get more', positive)
      .option('--config <file>', 'configuration instead of desprawl.yaml of the project'),
  run: async (context, _args, options) => runAudit(context, options as Options),
};

async function runAudit(context: Context, options: Options): Promise<number> {
  const [{ audit }, { detectors }, { readConfig }] = await Promise.all([
    import('../../audit/audit.ts'),
    import('../../audit/detectors/index.ts'),
    import('../../config/read-config.ts'),
  ]);
  if (options.html === '-' && options.out === undefined && (options.json === true || options.format !== undefined)) {
    throw new DesprawlError('DSP-USAGE', 'Two reports cannot both go to standard output.', {
      hint: 'Name a file for one of them: --html FILE or --out FILE.',
    });
  }
  const root = projectRoot(context, options);
  const docs = detectors.map(({ doc }) => doc);
  const config = await readConfig(root, options.config, () => docs.map(({ code }) => code));
  const progress = progressLine(context, options);
  let result: Audit;
  try {
    result = await audit({
      root,
      config,
      exact: options.exact ?? config.audit.exact,
      timeoutSeconds: options.timeout ?? config.audit.timeout,
      cacheDir: options.cache ? context.cacheDir : null,
      scratchDir: context.scratchDir,
      now: context.now(),
      onProgress: progress.report,
      signal: context.signal,
    });
  } finally {
    progress.done();
  }
  if (options.html !== undefined) await writePage(result, options.html, context);
  const text = await render(result, context, options);
  if (options.out === undefined) {
    if (options.html !== '-') await context.out.write(text);
  } else {
    const [{ putNewFile }, { resolve }] = await Promise.all([
      import('../../steps/put-new-file.ts'),
      import('node:path'),
    ]);
    putNewFile(context.disk, resolve(context.cwd, options.out), text);
    await context.err.write(`written: ${options.out}\n`);
  }
  return fails(result, options.failOn) ? EXIT.no : EXIT.ok;
}

/** `-`: to standard output. */
async function writePage(audit: Audit, file: string, context: Context): Promise<void> {
  const [{ auditHtml, HTML_REPORT_MARK }, { VERSION }, { putReport }, { resolve }] = await Promise.all([
    import('../../report/html/page.ts'),
    import('../../version.ts'),
    import('../../steps/put-report.ts'),
    import('node:path'),
  ]);
  const text = auditHtml(audit, { version: VERSION });
  if (file === '-') {
    await context.out.write(text);
  } else {
    putReport(context.disk, resolve(context.cwd, file), text, HTML_REPORT_MARK);
    await context.err.write(`written: ${file}\n`);
  }
}

async function render(audit: Audit, context: Context, options: Options): Promise<string> {
  const format = options.format ?? (options.json === true ? 'json' : 'terminal');
  switch (format) {
    case 'json': {
      const { auditDocument, toJson } = await import('../../report/json.ts');
      return toJson(auditDocument(audit));
    }
    case 'sarif': {
      const [{ auditToSarif }, { detectors }, { toJson }] = await Promise.all([
        import('../../report/sarif.ts'),
        import('../../audit/detectors/index.ts'),
        import('../../report/json.ts'),
      ]);
      return toJson(
        auditToSarif(
          audit,
          detectors.map(({ doc }) => doc),
        ),
      );
    }
    case 'markdown':
      return (await import('../../report/markdown.ts')).auditToMarkdown(audit);
    case 'terminal': {
      const { auditToTerminal } = await import('../../report/terminal.ts');
      const form = page(context.out, options.out === undefined ? options : { color: false });
      return auditToTerminal(audit, { ...form, details: options.details === true });
    }
  }
}

/** A store that could not be read is a finding too; what is well kept is none. */
function fails(audit: Audit, from: Severity | 'never'): boolean {
  if (from === 'never') return false;
  return audit.findings.some(({ severity }) => {
    const rank = SEVERITIES.indexOf(severity);
    return rank >= 0 && rank <= SEVERITIES.indexOf(from);
  });
}
