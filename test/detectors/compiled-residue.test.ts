import { expect, it } from 'vitest';
import { compiledResidue } from '../../src/audit/detectors/compiled-residue.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const detect = async (texts: Readonly<Record<string, string>>) =>
  compiledResidue.detect(facts([], [], { code: await readCode(texts) }));

it('C10: reports compiled files beside their source and those whose source is gone, by folder', async () => {
  const found = await detect({
    'src/a.ts': 'export const a = 1;\n',
    'src/a.js': 'exports.a = 1;\n//# sourceMappingURL=a.js.map\n',
    'src/b.ts': 'export const b = 1;\n',
    'src/b.js': 'exports.b = 1;\n//# sourceMappingURL=b.js.map\n',
    'lib/gone.pyc': '',
  });
  expect(found.map(({ message }) => message)).toEqual([
    'lib/gone.pyc was left behind by a build.',
    'src/a.js and src/b.js were left behind by a build, beside the source.',
  ]);
});

it('C10: is silent about caches with their source, written declarations and assets of libraries', async () => {
  expect(
    await detect({
      'lib/a.py': 'x = 1\n',
      'lib/__pycache__/a.cpython-312.pyc': '',
      'src/types/pg.d.ts': 'declare module "pg";\n',
      'static/plugins/toastr/toastr.js.map': '{}',
    }),
  ).toEqual([]);
});
