import { describe, expect, it } from 'vitest';
import { crontab } from './language.ts';

const commands = (text: string, name = 'crontab'): string[] =>
  crontab.structure(text, name).commands.map(({ by, cwd, words }) => `${by} | ${cwd ?? ''} | ${words.join(' ')}`);

describe('crontab', () => {
  it('C19: five fields or a name, then a command', () => {
    const text =
      'DB="/srv/x.db"\n# 0 0 * * * python no.py\n*/5 0-6 1,2 * MON cd /srv && python a.py >> l.log 2>&1\n@daily python b.py %stdin\nnot * a line\n';
    expect(commands(text)).toEqual(['cron | /srv | python a.py', 'cron |  | python b.py']);
    const facts = crontab.structure(text, 'crontab');
    expect(facts.commands[0]?.env).toEqual({ DB: '/srv/x.db' });
    expect(facts.variables).toMatchObject([{ name: 'DB', value: '/srv/x.db', at: [0, 14, 1], by: '' }]);
    expect(facts.references.map(({ target, at }) => [target, text.slice(at[0], at[1])])).toEqual([
      ['a.py', 'a.py'],
      ['b.py', 'b.py'],
    ]);
  });

  it('a user’s column stands in the system’s files only', () => {
    expect(commands('0 0 * * * app python a.py\n', 'etc/cron.d/x')).toEqual(['cron |  | python a.py']);
    expect(commands('0 0 * * * root /usr/bin/python a.py\n')).toEqual(['cron |  | /usr/bin/python a.py']);
    expect(commands('0 0 * * * backup now\n')).toEqual(['cron |  | backup now']);
  });
});
