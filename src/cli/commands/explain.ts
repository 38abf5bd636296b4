/** `desprawl explain CODE`: what a finding or an error means and what to do. */
import type { Command } from 'commander';
import type { FindingDoc } from '../../audit/model.ts';
import { DesprawlError, ERRORS, EXIT } from '../../errors.ts';
import type { CliCommand } from '../command.ts';
import { page } from '../context.ts';

export const explainCommand: CliCommand = {
  name: 'explain',
  summary: 'say what a finding or an error code means and what to do about it',
  define: (command: Command) => command.argument('[code]', 'code of a finding or an error; without it, all of them'),
  run: async (context, args, options) => {
    const [{ detectors }, { explainFinding, explainError, listCodes }, { toJson }] = await Promise.all([
      import('../../audit/detectors/index.ts'),
      import('../../report/explain.ts'),
      import('../../report/json.ts'),
    ]);
    const docs = detectors.map(({ doc }) => doc);
    const form = page(context.out, options);
    const [asked] = args;
    if (asked === undefined) {
      const errors = Object.entries(ERRORS).map(([code, { about, hint }]) => ({ code, about, hint }));
      const document = { version: 1, findings: docs, errors };
      await context.out.write(options.json === true ? toJson(document) : listCodes(docs, ERRORS, form));
      return EXIT.ok;
    }
    const finding = docs.find(({ code }) => code === asked.toLowerCase());
    if (finding !== undefined) {
      const text = options.json === true ? toJson({ version: 1, finding }) : explainFinding(finding, form);
      await context.out.write(text);
      return EXIT.ok;
    }
    const error = Object.entries(ERRORS).find(([code]) => code === asked.toUpperCase());
    if (error === undefined) throw await unknownCode(asked, docs);
    const [code, { about, hint, exit }] = error;
    const text =
      options.json === true
        ? toJson({ version: 1, error: { code, about, hint, exit } })
        : explainError({ code, about, hint, exit }, form);
    await context.out.write(text);
    return EXIT.ok;
  },
};

async function unknownCode(asked: string, docs: readonly FindingDoc[]): Promise<DesprawlError> {
  const { nearest } = await import('../../config/nearest.ts');
  const guess = nearest(asked, [...docs.map(({ code }) => code), ...Object.keys(ERRORS)]);
  return new DesprawlError(
    'DSP-CODE-UNKNOWN',
    `No finding or error has the code ${asked}${guess === undefined ? '' : `; did you mean ${guess}?`}`,
  );
}
