import { afterEach, describe, expect, it } from 'vitest';
import { openPool } from './pool.ts';

const real = process.execPath;
afterEach(() => {
  process.execPath = real;
});

describe('a process that cannot be started', () => {
  it('is told for each request, and keeps no place from the next ones', async () => {
    const pool = openPool({ size: 1, tempDir: '/tmp' });
    process.execPath = '/nowhere/node';
    const asked = [1, 2, 3].map(() => pool.ask('check', { file: 'a.db' }, 5));
    for (const one of await Promise.allSettled(asked)) {
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'DSP-DRIVER' } });
    }
    process.execPath = real;
    await expect(pool.ask('check', { file: '/nowhere/a.db' }, 20)).rejects.not.toMatchObject({
      code: 'DSP-DRIVER',
    });
    pool.close();
  });
});
