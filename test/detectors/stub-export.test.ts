import { describe, expect, it } from 'vitest';
import { stubExport } from '../../src/audit/detectors/stub-export.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const detect = async (texts: Readonly<Record<string, string>>) =>
  stubExport.detect(facts([], [], { code: await readCode(texts) }));

const DB = 'import type { Pool } from "pg";\nexport const pool = null as any as Pool;\nexport const other = 1;\n';

describe('stub-export', () => {
  it('C7: is critical where the most imported connection is null', async () => {
    const found = await detect({
      'src/db.ts': DB,
      'src/a.ts': 'import { pool } from "./db";\npool.query("SELECT 1");\n',
      'src/b.ts': 'import { pool } from "./db";\npool.query("SELECT 2");\n',
      'src/c.test.ts': 'import { pool } from "./db";\n',
    });
    expect(found).toMatchObject([
      {
        severity: 'critical',
        confidence: 'proven',
        message: 'pool of src/db.ts is a stand-in that 2 files import.',
        at: [{ path: 'src/db.ts', line: 2 }],
      },
    ]);
    expect(found[0]?.evidence).toContain('1 test import the module too');
  });

  it('C7: counts importers behind a barrel, under the name that the barrel gives', async () => {
    const found = await detect({
      'src/db.ts': DB,
      'src/index.ts': 'export { pool as database } from "./db";\n',
      'src/a.ts': 'import { database } from "./index";\ndatabase.query("SELECT 1");\n',
      'src/b.ts': 'import { database as db } from "./index";\ndb.query("SELECT 2");\n',
    });
    expect(found).toMatchObject([{ message: 'pool of src/db.ts is a stand-in that 2 files import.' }]);
    expect(found[0]?.evidence[0]).toBe('pool (value, line 2): 2 importers, src/a.ts:1 and src/b.ts:1');
  });

  it('is silent about stand-ins that nobody takes, types, fakes of tests and variables that are set later', async () => {
    expect(
      await detect({
        'src/db.ts': DB,
        'src/a.ts':
          'import { other } from "./db";\nimport type { pool } from "./db";\nexport type P = typeof pool;\nother;\n',
      }),
    ).toEqual([]);
    expect(
      await detect({ 'src/__mocks__/db.ts': DB, 'src/a.ts': 'import { pool } from "./__mocks__/db";\npool;\n' }),
    ).toEqual([]);
    expect(
      await detect({
        'src/db.ts': 'export let pool: any = null;\nexport function open() { pool = 1; }\n',
        'src/a.ts': 'import { pool } from "./db";\npool;\n',
      }),
    ).toEqual([]);
  });

  it('is silent about abstract classes, exceptions, decorated functions and loggers of Python', async () => {
    const base = `from abc import ABC, abstractmethod
class Store(ABC):
    @abstractmethod
    def get(self): ...
class NotFound(Exception):
    pass
@app.on_event("startup")
def startup():
    pass
def log_event():
    pass
`;
    const user = 'from base import Store, NotFound, startup, log_event\nstartup()\nlog_event()\n';
    expect(await detect({ 'base.py': base, 'a.py': user })).toEqual([]);
    const found = await detect({
      'base.py': 'def get_session():\n    raise NotImplementedError\ndef total():\n    pass\n',
      'a.py': 'from base import get_session, total\nget_session()\ntotal()\n',
    });
    expect(found).toMatchObject([
      { severity: 'high', message: 'get_session of base.py is a stand-in that 1 file imports.' },
    ]);
  });
});
