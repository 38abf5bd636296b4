import { describe, expect, it } from 'vitest';
import { credentialsInCode } from '../../src/audit/detectors/credentials-in-code.ts';
import type { Finding } from '../../src/audit/model.ts';
import { codeOf } from '../builders/code.ts';
import { facts } from '../builders/facts.ts';

const SECRET = 'Vq7-tulip-93';
const URL = `postgresql://kiosk_app:${SECRET}@db.kiosk-nord.de:5432/kiosk`;

async function found(texts: Readonly<Record<string, string>>, git?: 'tracked' | 'ignored') {
  const code = await codeOf(texts, git === undefined ? {} : { gitOf: () => git });
  const drafts = credentialsInCode.detect(facts([], [], { code }));
  expect(JSON.stringify(drafts)).not.toContain(SECRET);
  expect(JSON.stringify(drafts)).not.toMatch(/tulip|kiosk_app/);
  return drafts as readonly Omit<Finding, 'code' | 'fingerprint'>[];
}

describe('credentials-in-code', () => {
  it('C24: a connection string is proven, and every place of one password is one finding', async () => {
    const drafts = await found({
      'app/db.py': `import psycopg2\nconn = psycopg2.connect("${URL}")\n`,
      'worker/db.py': `import psycopg2\nconn = psycopg2.connect("${URL}")\n`,
    });
    expect(drafts).toMatchObject([{ severity: 'high', confidence: 'proven' }]);
    expect(drafts[0]?.at).toEqual([
      { path: 'app/db.py', line: 2 },
      { path: 'worker/db.py', line: 2 },
    ]);
    expect(drafts[0]?.evidence[0]).toContain('postgresql://***@db.kiosk-nord.de');
  });

  it('C24: a password argument of a call that connects', async () => {
    const drafts = await found({
      'db.py': `import pymysql\nc = pymysql.connect(host="db.kiosk-nord.de", user="kiosk_app", password="${SECRET}")\n`,
    });
    expect(drafts).toMatchObject([{ severity: 'high', confidence: 'proven', at: [{ path: 'db.py', line: 2 }] }]);
  });

  it('C24: options of a pool, settings of a service, defaults of a variable', async () => {
    expect(
      await found({
        'db.js': `const pool = mysql.createPool({ host: 'db.kiosk-nord.de', user: 'u', password: '${SECRET}' });\n`,
      }),
    ).toMatchObject([{ severity: 'high', confidence: 'proven' }]);
    expect(
      await found({
        'docker-compose.yml': `services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: ${SECRET}\n`,
      }),
    ).toMatchObject([{ confidence: 'likely', at: [{ path: 'docker-compose.yml', line: 5 }] }]);
    expect(await found({ 'db.py': `import os\nP = os.getenv("DB_PASSWORD", "${SECRET}")\n` })).toMatchObject([
      { confidence: 'likely' },
    ]);
  });

  it('C24: an environment file is reported where git tracks it, and only there', async () => {
    const text = { '.env': `DATABASE_URL=${URL}\n` };
    expect(await found(text, 'tracked')).toMatchObject([{ severity: 'high', confidence: 'proven' }]);
    expect(await found(text, 'ignored')).toEqual([]);
    expect(await found(text)).toEqual([]);
  });

  it('C24: placeholders, variables, examples, tests and documentation are no findings', async () => {
    expect(
      await found({
        'a.py': 'URL = "postgresql://postgres:postgres@localhost/app"\n',
        'b.py': 'URL = "postgresql://user:password@localhost/app"\n',
        'c.py': 'import os\nURL = f"postgresql://app:{os.environ[\'PW\']}@db.kiosk-nord.de/app"\n',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: as a compose file spells it
        'docker-compose.yml': 'services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n',
        'examples/d.py': `URL = "${URL}"\n`,
        'tests/test_e.py': `URL = "${URL}"\n`,
        'README.md': `Run with \`${URL}\`.\n`,
        '.env.example': `DATABASE_URL=${URL}\n`,
      }),
    ).toEqual([]);
  });

  it('C24: a placeholder for a server elsewhere is a hint', async () => {
    expect(await found({ 'a.py': 'URL = "postgresql://app:changeme@db.kiosk-nord.de/app"\n' })).toMatchObject([
      { severity: 'low', confidence: 'possible' },
    ]);
  });
});
