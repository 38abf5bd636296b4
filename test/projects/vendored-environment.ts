import type { FixtureProject } from './fixture-project.ts';
import { makeRepository } from './make-repository.ts';
import { insert, makeStore } from './make-store.ts';
import { range } from './people.ts';
import { writeFile } from './write-file.ts';

/** Files of the two environments together, counted by the test. */
export const VENV_FILES = 2_004;
export const WINDOWS_FILES = 303;

export const project: FixtureProject = {
  traps: ['S15'],
  wrong: `A virtual environment with two thousand files is committed (service/venv), and another one made on Windows without its
    configuration file (tools/env). Both hold CSVs and a database of the packages in them. environment/ only sounds like
    one: it is the project's own data, and so is vendor/prices.db, which no package manager put there.`,
  build(dir) {
    writeFile(dir, 'service/venv/pyvenv.cfg', 'home = /usr/bin\nversion = 3.11.2\n');
    const packages = 'service/venv/lib/python3.11/site-packages';
    for (const n of range(2_000)) writeFile(dir, `${packages}/pkg${n % 40}/mod_${n}.py`, `X = ${n}\n`);
    writeFile(dir, `${packages}/pandas/tests/iris.csv`, 'sepal,petal,kind\n5.1,1.4,setosa\n4.9,1.4,setosa\n');
    makeStore(dir, `${packages}/sample/demo.db`, 'CREATE TABLE demo (id INTEGER PRIMARY KEY)');
    writeFile(dir, 'service/venv/bin/activate', 'export VIRTUAL_ENV\n');
    for (const n of range(301)) writeFile(dir, `tools/env/Lib/site-packages/lib${n % 7}/m${n}.py`, `Y = ${n}\n`);
    writeFile(dir, 'tools/env/Lib/site-packages/data/points.csv', 'id,x,y\n1,2,3\n2,3,4\n');
    writeFile(dir, 'tools/env/Scripts/activate.bat', '@echo off\n');
    writeFile(dir, 'environment/weather.csv', 'id,station,celsius\n1,Kiel,14\n2,Husum,13\n3,Flensburg,12\n');
    makeStore(
      dir,
      'vendor/prices.db',
      'CREATE TABLE prices (id INTEGER PRIMARY KEY, cents INTEGER)',
      insert(
        'prices',
        range(11).map((n) => ({ id: n + 1, cents: 99 + n })),
      ),
    );
    makeRepository(dir, ['service/venv', 'tools/env', 'environment']);
  },
};
