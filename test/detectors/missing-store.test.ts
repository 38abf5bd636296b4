import { expect, it } from 'vitest';
import { missingStore } from '../../src/audit/detectors/missing-store.ts';
import { IF_THERE } from '../../src/bindings/model.ts';
import { emptyFacts } from '../../src/code/empty-facts.ts';
import { binding } from '../builders/bindings.ts';
import { codeOf } from '../builders/code.ts';
import { facts, NO_CODE } from '../builders/facts.ts';

const EMPTY = { ...NO_CODE, structureOf: () => emptyFacts('python', 'structure', 1) };
const found = (...bindings: readonly ReturnType<typeof binding>[]) =>
  missingStore.detect(facts([], [], { code: { ...EMPTY, bindings } })).map(({ message }) => message);
const copied = binding('admin.py', 9, { kind: 'missing', path: 'instance/app.db' }, { by: 'copy' });

it('S13: a file that a line reads, and that is not there', () => {
  expect(found(copied)).toEqual(['instance/app.db is not there; 1 line opens it.']);
});

it('S13: what another line makes when it runs is not missing, what it makes elsewhere does not help', () => {
  const opens = (path: string) => binding('config.py', 3, { kind: 'runtime', path });
  expect(found(copied, opens('instance/app.db'))).toEqual([]);
  expect(found(copied, opens('app.db'))).toHaveLength(1);
});

it('S13: what comes out of an archive that was unpacked before is not missing', async () => {
  const restore = (last: string) =>
    `import zipfile, shutil\n\ndef restore(z):\n    zipfile.ZipFile(z).${last}\n    shutil.move('tmp/shop.db', 'shop.db')\n\ndef other():\n    shutil.move('tmp/shop.db', 'shop.db')\n`;
  const at = async (text: string, line: number) => {
    const bindings = [binding('restore.py', line, { kind: 'missing', path: 'data/restored/shop.db' }, { by: 'copy' })];
    const code = await codeOf({ 'restore.py': text }, { bindings });
    return missingStore.detect(facts([], [], { code })).length;
  };
  expect(await at(restore("extractall('tmp')"), 5)).toBe(0);
  expect(await at(restore("extractall('tmp')"), 8)).toBe(1);
  expect(await at(restore('namelist()'), 5)).toBe(1);
});

it('S13: what is opened only where it is there fails nowhere', () => {
  expect(found({ ...copied, assumes: [IF_THERE] })).toEqual([]);
});
