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

  it('C24: a key of the program is a secret and opens no database', async () => {
    const [key] = await found({ '.env': `SECRET_KEY=${SECRET}\n` }, 'tracked');
    expect(key?.message).toBe('.env holds a secret in plain text (SECRET_KEY).');
    expect(key?.consequence).not.toContain('database');
    const [password] = await found({ '.env': `DB_PASSWORD=${SECRET}\n` }, 'tracked');
    expect(password?.message).toBe('.env holds a password in plain text (DB_PASSWORD).');
    const both = await found({ '.env': `DB_PASSWORD=${SECRET}\nSECRET_KEY=${SECRET}\n` }, 'tracked');
    expect(both.map(({ message }) => message)).toEqual([
      '.env holds a password in plain text (DB_PASSWORD and SECRET_KEY).',
    ]);
  });

  it('C24: placeholders, variables, examples, tests and documentation are no findings', async () => {
    expect(
      await found({
        'a.py': 'URL = "postgresql://postgres:postgres@localhost/app"\n',
        'b.py': 'URL = "postgresql://user:password@localhost/app"\n',
        'c.py': 'import os\nURL = f"postgresql://app:{os.environ[\'PW\']}@db.kiosk-nord.de/app"\n',
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

  it('translations, labels and messages under the names of settings are no passwords', async () => {
    const many = Array.from({ length: 9 }, (_, n) => `'k${n}' => 'Das ist ${n}'`).join(', ');
    expect(
      await found({
        'texts/fr.php': `<?php\n$i18n = ["username" => "Nom d'utilisateur", "password" => "Motdepasse", "host" => "Serveur"];\n`,
        'texts/de.php': `<?php\n$i18n = [${many}, "username" => "benutzername", "password" => "kennwort", "host" => "server"];\n`,
        'texts/nl.ts': `export const nl = { login: { host: 'Server', username: 'Gebruikersnaam', password: 'Wachtwoord' } };\n`,
        'texts/ja.ts': `export const ja = { host: 'ホスト', username: 'name', password: '密码密码' };\n`,
        'src/locales/pl.ts': `export default { host: 'serwer', user: 'nazwa', password: 'tajemne' };\n`,
        'messages/pt_BR.json': `{ "db_password": "senhadobanco" }\n`,
        'src/i18n/da.json': `{ "setup": { "db_password": "Databaseadgangskode" } }\n`,
        'texts/da.json': `{ ${Array.from({ length: 9 }, (_, n) => `"k${n}": "Det er ${n}"`).join(', ')}, "db_password": "adgangskode" }\n`,
        'form.tsx': `const errors = { host: 'Host is required', user: 'User is required', password: 'Required' };\n`,
        'names.py': `DB_PASSWORD_LABEL = "Kennwort"\ndb_password_required = "Fehlt"\n`,
      }),
    ).toEqual([]);
  });

  it('settings of a connection stay settings, whatever their file is called, unless it is one of a language', async () => {
    const options = `{ host: 'db.kiosk-nord.de', user: 'Kiosk', password: '${SECRET}' }`;
    expect(
      await found({
        'config.ts': `export const db = ${options};\n`,
        'src/messages/queue.ts': `export const pool = ${options};\n`,
        'config.php': `<?php\n$config = ['title' => 'The shop of ours', 'host' => 'SRV01', 'user' => 'kiosk', 'password' => '${SECRET}'];\n`,
        'locales/de.ts': `import mysql from 'mysql2';\nmysql.createPool({ host: 'db.kiosk-nord.de', user: 'u', password: '${SECRET}' });\n`,
        'names.py': `DB_PASSWORD = "${SECRET}"\n`,
      }),
    ).toMatchObject([{ at: [{}, {}, {}, {}, {}] }]);
  });
});
