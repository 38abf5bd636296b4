import { describe, expect, it } from 'vitest';
import type { VariableSite } from '../../src/audit/code-model.ts';
import { unreadSetting } from '../../src/audit/detectors/unread-setting.ts';
import { codeOf } from '../builders/code.ts';
import { facts } from '../builders/facts.ts';

/** Variables as the files set them; `reads`: names that code reads. */
async function found(texts: Readonly<Record<string, string>>, reads: readonly string[] = ['HUB_MODE']) {
  const code = await codeOf(texts);
  const variables: VariableSite[] = [...code.files].flatMap(([path, { variables: set }]) =>
    set.map(({ name, value, at, by }) => ({ name, path, line: at[2], kind: 'set' as const, value, where: by || path })),
  );
  for (const name of reads) variables.push({ name, path: 'app.py', line: 1, kind: 'read', value: null, where: 'code' });
  return unreadSetting.detect(facts([], [], { code: { ...code, variables } }));
}

describe('unread-setting', () => {
  it('C16: variables of one file that nothing mentions again are one finding', async () => {
    const [one, ...more] = await found({
      '.env': 'HUB_MODE=fast\nEXPORT_FOLDER=out\nRETENTION_DAYS=30\n',
      'app.py': 'import os\nMODE = os.environ["HUB_MODE"]\n',
    });
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'low',
      confidence: 'likely',
      message: '.env sets 2 variables that nothing reads: EXPORT_FOLDER and RETENTION_DAYS.',
    });
    expect(one?.at).toEqual([
      { path: '.env', line: 2 },
      { path: '.env', line: 3 },
    ]);
  });

  it('C16: what any file mentions in some way is read', async () => {
    expect(
      await found({
        '.env': 'EXPORT_FOLDER=out\nRETENTION_DAYS=30\nKIOSK_COLOUR=red\nPOSTGRES_PASSWORD=x\nTZ=UTC\n',
        'settings.py':
          'class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="KIOSK_")\n    colour: str\n    retention_days: int\n',
        'docker-compose.yml':
          'services:\n  web:\n    build: .\n    environment:\n      - EXPORT_FOLDER=${EXPORT_FOLDER}\n',
      }),
    ).toEqual([]);
  });

  it('C16: images of others, examples and projects that read no variable are left alone', async () => {
    const image = 'services:\n  chat:\n    image: some/chat\n    environment:\n      CHAT_ROOMS: "3"\n';
    expect(await found({ 'docker-compose.yml': image, '.env.example': 'NEVER_READ=1\n' })).toEqual([]);
    expect(await found({ '.env': 'NEVER_READ=1\n' }, [])).toEqual([]);
    expect(await found({ 'docker-compose.yml': image.replace('image: some/chat', 'build: .') })).toHaveLength(1);
  });

  const script = (body: string): string =>
    `import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument("--dry-run", action="store_true")\nparser.add_argument("--days", type=int)\nargs = parser.parse_args()\n${body}\n`;

  it('C16: --dry-run that is accepted and ignored is high', async () => {
    const [one, ...more] = await found({ 'scripts/purge.py': script('purge(args.days)') });
    expect(more).toEqual([]);
    expect(one).toMatchObject({
      severity: 'high',
      confidence: 'likely',
      message: 'scripts/purge.py accepts --dry-run and ignores it.',
      at: [{ path: 'scripts/purge.py', line: 3 }],
    });
    expect(one?.consequence).toContain('the real thing');
  });

  it('C16: an option that is read, or handed on with all others, is none', async () => {
    expect(await found({ 'scripts/a.py': script('if not args.dry_run:\n    purge(args.days)') })).toEqual([]);
    expect(await found({ 'scripts/b.py': script('from jobs import run\nrun(args)') })).toEqual([]);
    expect(await found({ 'examples/c.py': script('purge(args.days)') })).toEqual([]);
  });
});
