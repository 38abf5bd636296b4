import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCommands } from './commands.ts';
import { knownFolder, OWN_FOLDER as OWN, TOP_FOLDER as TOP } from './known-folder.ts';

const folders = (script: string): string[] =>
  parseCommands(script, { line: 1, offset: 0, by: 'line' })
    .commands.filter(({ words }) => words[0] === 'python')
    .map(({ cwd }) => cwd ?? '.');

const root = realpathSync(mkdtempSync(join(tmpdir(), 'idioms-')));
for (const folder of ['scripts/api/sub', 'scripts/scripts', 'api/sub', 'web', 'tmp', 'backend', 'scripts/tmp'])
  mkdirSync(join(root, folder), { recursive: true });
execFileSync('git', ['init', '-q', root]);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Where a real shell is when it comes to the end of the script, in words of `knownFolder`. */
function really(script: string): string {
  const file = join(root, 'scripts/run.sh');
  writeFileSync(file, `${script}\nprintf %s "$(pwd -P)"\n`);
  return execFileSync('bash', [file], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

const placed = (folder: string): string =>
  folder.startsWith(OWN)
    ? join(root, 'scripts', folder.slice(OWN.length))
    : join(root, folder.startsWith(TOP) ? folder.slice(TOP.length) : folder);

describe('the folder of the script itself', () => {
  it.each([
    'cd "$(dirname "$0")"',
    'cd $(dirname $0)',
    'cd `dirname $0`',
    'cd "$(dirname -- "$0")" || exit 1',
    'cd "$(dirname "$(readlink -f "$0")")"',
    'cd "$(dirname "$(realpath "$0")")"',
    `cd "\${0%/*}"`,
    `cd "\${BASH_SOURCE%/*}"`,
    `cd "\${BASH_SOURCE[0]%/*}"`,
    `cd "\${0:A:h}"`,
    `cd "$(dirname "\${BASH_SOURCE[0]:-$0}")"`,
    `cd "$( cd "$( dirname "\${BASH_SOURCE[0]}" )" >/dev/null 2>&1 && pwd )"`,
    'cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)"',
    `DIR="$(cd "$(dirname "\${BASH_SOURCE[0]}")" && pwd)"\ncd "$DIR"`,
    `readonly DIR="$(dirname "$0")"; cd \${DIR}`,
    'export DIR=$(dirname "$0"); cd tmp; cd "$DIR"',
    'ME=$(realpath "$0"); DIR=$(dirname "$ME"); cd "$DIR"',
    'SUB=scripts; cd "$(dirname "$0")"',
  ])('%s', (script) => {
    expect(folders(`${script}\npython x.py`)).toEqual([OWN]);
    if (!script.includes(':h}')) expect(really(script)).toBe(placed(OWN));
  });

  it.each([
    ['cd "$(dirname "$0")/.."', `${OWN}/..`],
    [`cd "\${0%/*}/../backend"`, `${OWN}/../backend`],
    ['cd "$(dirname "$(dirname "$0")")"', `${OWN}/..`],
    ['DIR="$(cd "$(dirname "$0")" && pwd)"; cd "$DIR/.."', `${OWN}/..`],
    ['DIR="$(cd "$(dirname "$0")" && pwd)"; ROOT="$(dirname "$DIR")"; cd "$ROOT"', `${OWN}/..`],
    [`DIR=$(cd "$(dirname "$0")"; pwd); ROOT=\${DIR%/*}; cd $ROOT && cd api`, `${OWN}/../api`],
    ['DIR="$(cd "$(dirname "$0")/.." && pwd)"; APP=api; cd "$DIR/$APP"', `${OWN}/../api`],
    ['cd "$(dirname "$0")"; pushd ../web >/dev/null; popd >/dev/null', OWN],
    ['cd "$(git rev-parse --show-toplevel)"', TOP],
    ['ROOT=$(git rev-parse --show-toplevel 2>/dev/null || pwd); cd "$ROOT/api"', `${TOP}/api`],
    ['ROOT=$(git -C "$(dirname "$0")" rev-parse --show-toplevel); cd "$ROOT"', TOP],
    ['ROOT=$(pwd); cd api; cd "$ROOT"', '.'],
    ['cd api; HERE=$PWD; cd sub; cd "$HERE/../web"', 'web'],
    ['ROOT=$(realpath api); cd web; cd "$ROOT"', 'api'],
    ['APP=api; cd "$APP"', 'api'],
  ])('%s', (script, expected) => {
    expect(folders(`${script}\npython x.py`)).toEqual([expected]);
    expect(really(script)).toBe(placed(expected));
  });
});

describe('what only looks so is left as written', () => {
  it.each([
    ['cd "$0"', '$0'],
    ['cd "$(dirname "$1")"', '$(dirname "$1")'],
    ['cd "$(basename "$0")"', '$(basename "$0")'],
    ['cd "$(dirname "$(which python)")"', '$(dirname "$(which python)")'],
    ['cd "$(git rev-parse --git-dir)"', '$(git rev-parse --git-dir)'],
    ['cd "$(git -C ../other rev-parse --show-toplevel)"', '$(git -C ../other rev-parse --show-toplevel)'],
    ['cd "$(realpath --relative-to=/ "$0")"', '$(realpath --relative-to=/ "$0")'],
    ['cd "$(find . -name x | head -1)"', '$(find . -name x | head -1)'],
    [`DIR="\${1:-$(pwd)}"; cd "$DIR"`, '$DIR'],
    ['if a; then DIR="$(dirname "$0")"; else DIR=/srv; fi; cd "$DIR"', '$DIR'],
    ['DIR=a; for DIR in b c; do cd "$DIR"; done', '$DIR'],
    ['(DIR=a); cd "$DIR"', '$DIR'],
    ['cd "$constructor"', '$constructor'],
    [`cd "\${FILE%/*}/.."`, `\${FILE%/*}/..`],
    ['cd "$(dirname "$0")x"', '$(dirname "$0")x'],
  ])('%s', (script, expected) => {
    expect(folders(`${script}\npython x.py`)).toEqual([expected]);
  });

  it('in `sh -c` the name is none of a file', () => {
    expect(folders(`bash -c 'cd "$(dirname "$0")" && python x.py'`)).toEqual(['$(dirname "$0")']);
    expect(folders(`bash -c 'cd "$(git rev-parse --show-toplevel)" && python x.py'`)).toEqual([TOP]);
  });
});

it('never throws and takes no long time, whatever is nested', () => {
  const piece = fc.constantFrom(
    '$(',
    ')',
    '"',
    "'",
    '`',
    `\${`,
    '}',
    '$0',
    'cd ',
    'dirname ',
    ' && pwd',
    '/..',
    '$A',
    '\\',
    '(',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 120 }), (pieces) => {
      const found = knownFolder(pieces.join(''), { variable: (name) => `$(dirname ${name})`, cwd: undefined });
      expect(found === undefined || typeof found === 'string').toBe(true);
    }),
  );
  knownFolder(`${'$(dirname '.repeat(30)}$0${')'.repeat(30)}`, { variable: () => undefined, cwd: undefined });
});
