import { describe, expect, it } from 'vitest';
import type { FileFacts, LanguageId } from '../facts.ts';
import { loadLanguage } from '../languages.ts';
import { compareExports } from './exports-of.ts';

async function facts(language: LanguageId, text: string): Promise<FileFacts> {
  return (await loadLanguage(language)).structure(text, 'x');
}

describe('compareExports', () => {
  it('C6: one function only in the copy that goes', async () => {
    const keeps = await facts('typescript', 'export function a() {}\nexport const b = 1;\n');
    const goes = await facts('typescript', 'export function a() {}\nexport const b = 2;\nexport function only() {}\n');
    expect(compareExports(keeps, goes)).toEqual({ onlyA: [], onlyB: ['only'], both: ['a', 'b'], kindDiffers: [] });
    expect(compareExports(goes, keeps)).toEqual({ onlyA: ['only'], onlyB: [], both: ['a', 'b'], kindDiffers: [] });
  });

  it('C8: sync and async, class and value, stub and real', async () => {
    const a = await facts(
      'typescript',
      'export async function load() { return 1; }\nexport class Db { getPool() { return 1; } async close() {} private x() {} }\nexport const pool = null as any;\nexport class Only { a() {} }\n',
    );
    const b = await facts(
      'typescript',
      'export function load() { return 1; }\nexport class Db { close() {} extra() {} constructor() {} }\nexport const pool = make();\n',
    );
    expect(compareExports(a, b)).toEqual({
      onlyA: ['Db.getPool', 'Db.x', 'Only'],
      onlyB: ['Db.extra'],
      both: ['Db', 'Db.close', 'load', 'pool'],
      kindDiffers: [
        { name: 'Db.close', a: 'async function', b: 'function' },
        { name: 'load', a: 'async function', b: 'function' },
        { name: 'pool', a: 'stub value', b: 'value' },
      ],
    });
  });

  it('Python: every top-level name, methods of classes, star imports', async () => {
    const a = await facts(
      'python',
      'from base import *\nclass Db:\n    def __init__(self):\n        pass\n    async def open(self):\n        return 1\ndef f():\n    return 1\n',
    );
    const b = await facts('python', 'class Db:\n    def open(self):\n        return 1\nf = make()\n');
    expect(compareExports(a, b)).toMatchObject({
      onlyB: [],
      kindDiffers: [
        { name: 'Db.open', a: 'async function', b: 'function' },
        { name: 'f', a: 'function', b: 'value' },
      ],
      openA: true,
    });
    expect(compareExports(a, b).openB).toBeUndefined();
  });

  it('names handed on may be anything', async () => {
    const barrel = await facts('typescript', "export * from './a';\nexport { load } from './b';\n");
    const real = await facts('typescript', 'export async function load() { return 1; }\n');
    expect(compareExports(barrel, real)).toEqual({
      onlyA: [],
      onlyB: [],
      both: ['load'],
      kindDiffers: [],
      openA: true,
    });
  });
});
