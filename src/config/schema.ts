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
  plan?: { target?: string | undefined; keep?: string[] | undefined; docs?: boolean | undefined } | undefined;
  checks?: Record<string, CheckInFile> | undefined;
  measures?:
    | Record<
        string,
        { run: string; of: 'seconds' | 'memory'; tolerance?: string | undefined; timeout?: number | undefined }
      >
    | undefined;
  targets?:
    | {
        stores?: number | undefined;
        'connection-modules'?: number | undefined;
        findings?: Record<string, number> | undefined;
      }
    | undefined;
  exports?: Record<string, ExportInFile> | undefined;
  approval?: 'none' | 'self' | 'other' | undefined;
  retention?: { 'keep-days'?: number | undefined; 'keep-runs'?: number | undefined } | undefined;
}

export type CheckInFile =
  | { run: string; timeout?: number | undefined }
  | { store: string; sql: string; is: string | number | null }
  | {
      start: string;
      port: string;
      ready: string;
      requests?: RequestInFile[] | undefined;
      timeout?: number | undefined;
    };

export type ExportInFile = ExportOptionsInFile &
  ({ table: string; query?: undefined } | { query: string; table?: undefined });

interface ExportOptionsInFile {
  store: string;
  columns?: string[] | undefined;
  order?: (string | Record<string, 'asc' | 'desc'>)[] | undefined;
  format: 'csv' | 'jsonl';
  file?: string | undefined;
  to?: string | undefined;
  blobs?: 'base64' | 'hex' | undefined;
  'odd-text'?: 'refuse' | 'escape' | undefined;
  csv?:
    | {
        delimiter?: ',' | ';' | 'tab' | '|' | undefined;
        bom?: boolean | undefined;
        eol?: 'lf' | 'crlf' | undefined;
        nulls?: string | undefined;
        formulas?: 'as-is' | 'guard' | undefined;
      }
    | undefined;
}

export type RequestInFile =
  | { get: string; status?: number | undefined }
  | { post: string; json?: unknown; status?: number | undefined };

const role = z
  .enum(['primary', 'live', 'backup', 'export', 'archive', 'fixture', 'foreign'])
  .describe('What the store is kept for; `primary` is the source of truth of its group.');

const name = z.string().regex(/^[\w.-]+$/, 'a name has letters, digits, dots, dashes and underscores only');
const seconds = z.number().positive();
const count = z.int().min(0);
const urlPath = z.string().startsWith('/', 'a path of the program begins with /');
const status = z.int().min(100).max(599).optional().describe('Status that is expected; 200 if left out.');
const timeout = seconds.optional().describe('Seconds after which it counts as failed; 300 if left out.');

const request = z.union([
  z.strictObject({ get: urlPath, status }),
  z.strictObject({ post: urlPath, json: z.unknown().describe('What is sent.'), status }),
]);

const check = z.union([
  z.strictObject({ run: z.string().min(1).describe('A command; good if it ends with 0.'), timeout }),
  z.strictObject({
    store: z.string().min(1).describe('Path of the store.'),
    sql: z.string().min(1).describe('A query with one value.'),
    is: z.union([z.string(), z.number(), z.null()]).describe('What the value must be.'),
  }),
  z.strictObject({
    start: z.string().min(1).describe('A command that starts a program.'),
    port: z
      .string()
      .regex(/^[A-Za-z_]\w*$/, 'the name of a variable')
      .describe('Variable that tells it the port.'),
    ready: urlPath.describe('Asked until it answers.'),
    requests: z.array(request).optional(),
    timeout,
  }),
]);

const measure = z.strictObject({
  run: z.string().min(1),
  of: z.enum(['seconds', 'memory']),
  tolerance: z
    .string()
    .regex(/^\d+(\.\d+)?%$/, 'a percentage, such as 20%')
    .optional()
    .describe('How much worse it may be after; 20% if left out.'),
  timeout,
});

const columnName = z.string().min(1);

const exportOptions = {
  store: z.string().min(1).describe('Path of a SQLite database.'),
  columns: z.array(columnName).min(1).optional().describe('Which, in this order; all if left out.'),
  order: z
    .array(z.union([columnName, oneOrder()]))
    .min(1)
    .optional()
    .describe('Columns, each up or `{ column: desc }`; the primary key if left out.'),
  format: z.enum(['csv', 'jsonl']),
  file: z
    .string()
    .regex(
      /^[^/\\\0]+\.(csv|tsv|txt|jsonl|ndjson)$/i,
      'a name without folders that ends in .csv, .tsv, .txt, .jsonl or .ndjson',
    )
    .optional()
    .describe('Name of the file; the name of the export if left out.'),
  to: z
    .string()
    .regex(
      /^(?:\.|(?!\.{0,2}(?:\/|$))[^/\\\0]+(?:\/(?!\.{0,2}(?:\/|$))[^/\\\0]+)*)$/,
      'a folder of the project, such as data/exports, or `.`',
    )
    .optional()
    .describe('Folder of the project that its file is kept in: plans and `verify` look after it there.'),
  blobs: z.enum(['base64', 'hex']).optional().describe('How bytes are written; base64 if left out.'),
  'odd-text': z
    .enum(['refuse', 'escape'])
    .optional()
    .describe('What becomes of text that many readers do not take: refused if left out.'),
  csv: z
    .strictObject({
      delimiter: z.enum([',', ';', 'tab', '|']).optional(),
      bom: z.boolean().optional().describe('Begin with a byte order mark.'),
      eol: z.enum(['lf', 'crlf']).optional(),
      nulls: z
        .string('a text, in quotes: NULL alone is no text in YAML')
        .regex(/^(?!-?Infinity$)[A-Za-z\\_#<>()/-]*$/, 'letters and \\ _ # < > ( ) / - only')
        .optional()
        .describe('How NULL is written, unquoted; nothing if left out.'),
      formulas: z
        .enum(['as-is', 'guard'])
        .optional()
        .describe('`guard` puts an apostrophe before text that a spreadsheet would run: it changes data.'),
    })
    .optional()
    .describe('Of CSV only.'),
};

/** `{ created_at: desc }`. */
function oneOrder(): z.ZodType<Record<string, 'asc' | 'desc'>> {
  return z
    .record(columnName, z.enum(['asc', 'desc']))
    .refine((order) => Object.keys(order).length === 1, 'one column, such as { created_at: desc }');
}

const exported = z.union([
  z.strictObject({ table: z.string().min(1).describe('A table or a view.'), ...exportOptions }),
  z.strictObject({ query: z.string().min(1).describe('One SELECT.'), ...exportOptions }),
]);

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
    plan: z
      .strictObject({
        target: z.string().min(1).optional().describe('The store that others are to be merged into.'),
        keep: z.array(z.string().min(1)).optional().describe('Paths that no action may touch.'),
        docs: z.boolean().optional().describe('Edit prose, docs and changelogs too.'),
      })
      .optional()
      .describe('Choices for `desprawl plan`, the same as its options.'),
    checks: z
      .record(name, check)
      .optional()
      .describe('What says whether the project works; run in a copy, after you agreed.'),
    measures: z.record(name, measure).optional().describe('What a command takes, compared before and after.'),
    targets: z
      .strictObject({
        stores: count.optional().describe('How many stores there may be.'),
        'connection-modules': count.optional().describe('How many modules may open them.'),
        findings: z.record(z.string(), count).optional().describe('How many findings of a code may be left.'),
      })
      .optional()
      .describe('What must hold after a run.'),
    exports: z.record(name, exported).optional().describe('Files that `desprawl export` makes of tables and queries.'),
    approval: z
      .enum(['none', 'self', 'other'])
      .optional()
      .describe('Whether a plan must be approved, and whether by somebody else than the one who applies it.'),
    retention: z
      .strictObject({
        'keep-days': count.optional().describe('Backups of fewer days are kept.'),
        'keep-runs': count.optional().describe('Backups of that many newest runs are kept.'),
      })
      .optional()
      .describe('What `desprawl backup prune` may remove; without it nothing.'),
  })
  .describe('Configuration of desprawl: desprawl.yaml in the folder of the project.');
