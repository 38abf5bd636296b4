import { describe, expect, it } from 'vitest';
import { redactSecrets, shorten } from './redact.ts';

describe('a line as it is shown', () => {
  it.each([
    ['postgresql://ada:s3cret@db/shop', 'postgresql://***@db/shop'],
    ['connect("mysql://root:pw@localhost:3306/x")', 'connect("mysql://***@localhost:3306/x")'],
    ['password = "hunter2"', 'password = "***"'],
    ['os.getenv("DB_PASSWORD", "hunter2")', 'os.getenv("DB_PASSWORD", "***")'],
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=***'],
    ['sqlite:///data/shop.db', 'sqlite:///data/shop.db'],
    ['see https://example.com/users', 'see https://example.com/users'],
  ])('%s', (line, shown) => {
    expect(redactSecrets(line)).toBe(shown);
  });

  it('says nothing of a secret that ends behind what is looked at', () => {
    const secret = 'topsecret'.repeat(300);
    for (const line of [`password = "${secret}"`, `postgresql://ada:${secret}@db/shop`, `DB_PASSWORD=${secret}`]) {
      expect(shorten(redactSecrets(line))).not.toContain('topsecret');
    }
  });

  it('takes no longer for what somebody made long on purpose', { timeout: 5_000 }, () => {
    for (const part of ['a', 'a://', 'password="', 'a:b@', "token or '"]) redactSecrets(part.repeat(2_000_000));
  });
});
