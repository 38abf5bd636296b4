import { expect, it } from 'vitest';
import { DesprawlError } from '../errors.ts';
import { DEFAULT_CONFIG } from './config.ts';
import { parseConfig, readConfig } from './read-config.ts';

const CODES = ['copy-store', 'seed-data'];
const parse = (text: string) => parseConfig(text, 'desprawl.yaml', CODES);
const failure = async (text: string): Promise<string> => {
  const error = await parse(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DesprawlError);
  return `${(error as DesprawlError).code} ${(error as DesprawlError).message}`;
};

it('what is left out has its default', async () => {
  expect(await parse('version: 1\n')).toEqual(DEFAULT_CONFIG);
});

it('every key reaches its place', async () => {
  const config = await parse(`
version: 1
ignore: [data/raw/]
foreign: [ha.db]
stores:
  data/hub.db: { role: primary, note: the truth }
audit: { exact: true, timeout: 9, disable: [seed-data] }
state: /var/state
`);
  expect(config).toEqual({
    version: 1,
    ignore: ['data/raw/'],
    foreign: ['ha.db'],
    stores: { 'data/hub.db': { role: 'primary', note: 'the truth' } },
    audit: { exact: true, timeout: 9, disable: ['seed-data'] },
    state: '/var/state',
  });
});

it.each([
  ['an unknown key', 'version: 1\nignroe: []\n', /desprawl\.yaml:2:1: unknown key "ignroe"; did you mean "ignore"\?/],
  [
    'an unknown key further in',
    'version: 1\naudit:\n  exakt: true\n',
    /yaml:3:3: unknown key "exakt" in audit; did you mean "exact"/,
  ],
  ['a value of the wrong type', 'version: 1\naudit:\n  timeout: soon\n', /yaml:3:12: audit\.timeout: /],
  ['an unknown role', 'version: 1\nstores:\n  a.db: { role: main }\n', /yaml:3:17: stores\.a\.db\.role: /],
  ['an item of the wrong type', 'version: 1\nignore:\n  - 3\n', /yaml:3:5: ignore\.0: /],
  [
    'a code that does not exist',
    'version: 1\naudit:\n  disable: [seed-date]\n',
    /yaml:3:13: .*"seed-date"; did you mean "seed-data"/,
  ],
  ['no version', 'ignore: []\n', /yaml:1:1: version: /],
  ['another version', 'version: 2\n', /yaml:1:10: version: /],
  ['broken YAML', 'version: 1\nignore: [a\n', /desprawl\.yaml:[23]:\d+: /],
  ['a key twice', 'version: 1\nversion: 1\n', /yaml:2:1: .*unique/i],
  ['nothing at all', '# only a comment\n', /the file is empty/],
  ['a list', '- 1\n', /yaml:1:1: /],
])('%s is refused with line and column', async (_name, text, expected) => {
  const message = await failure(text);
  expect(message).toMatch(/^DSP-CONFIG-INVALID /);
  expect(message).toMatch(expected);
});

it('a project without the file has the defaults; a file that was named must be there', async () => {
  expect(await readConfig('/nonexistent', undefined, CODES)).toEqual(DEFAULT_CONFIG);
  await expect(readConfig('/nonexistent', '/nonexistent/x.yaml', CODES)).rejects.toMatchObject({
    code: 'DSP-CONFIG-INVALID',
  });
});
