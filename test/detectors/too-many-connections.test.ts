import { describe, expect, it } from 'vitest';
import { tooManyConnections } from '../../src/audit/detectors/too-many-connections.ts';
import { facts } from '../builders/facts.ts';
import { readCode } from '../builders/read-code.ts';

const detect = async (texts: Readonly<Record<string, string>>) =>
  tooManyConnections.detect(facts([], [], { code: await readCode(texts) }));

const ENGINE = `import os
from sqlalchemy import create_engine
engine = create_engine(os.environ["DATABASE_URL"], pool_size=10, max_overflow=20)
`;
const compose = (workers: number, limit: string, replicas = 1): string => `services:
  web:
    build: .
    command: gunicorn -w ${workers} app:app
    deploy:
      replicas: ${replicas}
  db:
    image: postgres:16
    command: postgres ${limit}
`;
const APP = 'from db import engine\napp = 1\n';

describe('too-many-connections', () => {
  it('shows the arithmetic', async () => {
    const found = await detect({
      'docker-compose.yml': compose(4, '-c max_connections=200', 2),
      'app.py': APP,
      'db.py': ENGINE,
    });
    expect(found).toMatchObject([
      {
        severity: 'high',
        confidence: 'likely',
        message: 'Up to 240 connections to postgresql (DATABASE_URL) where 200 are allowed.',
      },
    ]);
    expect(found[0]?.evidence).toEqual([
      'gunicorn with 4 workers × 2 replicas (docker-compose.yml:4) × 30 = 240',
      'db.py:3: pool_size 10 + max_overflow 20',
      'max_connections is 200 (docker-compose.yml:9)',
    ]);
  });

  it('is at most possible where a default is what is exceeded', async () => {
    const texts = { 'app.py': APP, 'db.py': ENGINE };
    expect(await detect({ ...texts, 'docker-compose.yml': compose(4, '') })).toMatchObject([
      {
        severity: 'medium',
        confidence: 'possible',
        message: 'Up to 120 connections to postgresql (DATABASE_URL) where 100 are allowed.',
      },
    ]);
    expect(await detect({ ...texts, 'docker-compose.yml': compose(3, '') })).toEqual([]);
    expect(await detect({ ...texts, 'docker-compose.yml': compose(4, '-c max_connections=120') })).toEqual([]);
  });

  it('adds up the pools that one process makes, and takes sizes from variables', async () => {
    const pool = (name: string): string =>
      `import pg from 'pg';\nexport const ${name} = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL_MAX) || 10 });\n`;
    const texts = {
      'package.json': '{ "scripts": { "start": "pm2 start src/server.js -i 4" } }',
      'src/a.js': pool('a'),
      'src/b.js': pool('b'),
      'src/server.js': `import { a } from './a.js';\nimport { b } from './b.js';\na; b;\n`,
    };
    expect(await detect(texts)).toEqual([]);
    const found = await detect({ ...texts, '.env': 'POOL_MAX=15\n' });
    expect(found[0]?.evidence[0]).toBe('pm2 with 4 instances (package.json:1) × (15 + 15) = 120');
  });

  it('is silent about poolers, engines that keep no pool, and pools that the program does not load', async () => {
    const many = compose(20, '');
    expect(await detect({ 'docker-compose.yml': many, 'app.py': 'app = 1\n', 'db.py': ENGINE })).toEqual([]);
    const url = ENGINE.replace('os.environ["DATABASE_URL"]', '"postgresql://pgbouncer:6432/app"');
    expect(await detect({ 'docker-compose.yml': many, 'app.py': APP, 'db.py': url })).toEqual([]);
    const none = ENGINE.replace('pool_size=10, max_overflow=20', 'poolclass=NullPool');
    expect(await detect({ 'docker-compose.yml': many, 'app.py': APP, 'db.py': none })).toEqual([]);
  });
});
