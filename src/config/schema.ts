/** What may stand in `desprawl.yaml`. `schema/desprawl.schema.json` is generated from it. */
import { z } from 'zod';
import type { DeclaredRole } from './config.ts';

/** The file as it is written: everything but the version may be left out. */
export interface ConfigFile {
  version: 1;
  ignore?: string[] | undefined;
  foreign?: string[] | undefined;
  stores?: Record<string, { role?: DeclaredRole | undefined; note?: string | undefined }> | undefined;
  audit?: { exact?: boolean | undefined; timeout?: number | undefined; disable?: string[] | undefined } | undefined;
  state?: string | undefined;
}

const role = z
  .enum(['primary', 'live', 'backup', 'export', 'archive', 'fixture', 'foreign'])
  .describe('What the store is kept for; `primary` is the source of truth of its group.');

export const configSchema: z.ZodType<ConfigFile> = z
  .strictObject({
    version: z.literal(1).describe('Version of this format.'),
    ignore: z.array(z.string().min(1)).optional().describe('Patterns, as in .gitignore, of what is not looked at.'),
    foreign: z.array(z.string().min(1)).optional().describe('Stores of other programs, by path.'),
    stores: z
      .record(
        z.string().min(1),
        z.strictObject({
          role: role.optional(),
          note: z.string().optional().describe('Why it is so, for the next reader.'),
        }),
      )
      .optional()
      .describe('What the owner knows about single stores, by path.'),
    audit: z
      .strictObject({
        exact: z.boolean().optional().describe('Compare every row of large tables too.'),
        timeout: z
          .number()
          .positive()
          .optional()
          .describe('Seconds that reading one store may take; large ones get more.'),
        disable: z.array(z.string().min(1)).optional().describe('Codes of findings that are not reported.'),
      })
      .optional()
      .describe('How an audit is made.'),
    state: z.string().min(1).optional().describe('Folder for state, instead of the one in the home folder.'),
  })
  .describe('Configuration of desprawl: desprawl.yaml in the folder of the project.');
