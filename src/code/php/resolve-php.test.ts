import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../facts.ts';
import type { Resolution, SourceTree } from '../resolve.ts';
import { php } from './language.ts';
import { phpResolver } from './resolve-php.ts';

function treeOf(files: Readonly<Record<string, string>>): SourceTree {
  const facts = new Map<string, FileFacts>();
  for (const [path, text] of Object.entries(files))
    if (path.endsWith('.php')) facts.set(path, php.structure(text, path));
  return {
    paths: new Set(Object.keys(files)),
    folders: new Set(Object.keys(files).map((path) => path.replace(/\/?[^/]*$/, ''))),
    facts,
    readText: (path) => files[path],
  };
}

function resolveAll(files: Readonly<Record<string, string>>, from: string): Record<string, Resolution> {
  const tree = treeOf(files);
  const resolver = phpResolver(tree);
  const imports = tree.facts.get(from)?.imports ?? [];
  return Object.fromEntries(imports.map((fact) => [String(fact.module), resolver.resolve(from, fact)]));
}

describe('PHP includes', () => {
  const found = resolveAll(
    {
      'public/index.php': `<?php require __DIR__ . '/../src/db.php'; require 'local.php'; require 'config.php'; include './gone.php';
        require '../vendor/autoload.php'; include $x; require '/var/www/html/src/db.php'; require 'old/db.php';`,
      'public/local.php': '<?php ',
      'src/db.php': '<?php ',
      'includes/config.php': '<?php ',
      'archive/old/db.php': '<?php ',
    },
    'public/index.php',
  );

  it('are taken beside the file, else from the root and the usual include folders', () => {
    expect(found['./../src/db.php']).toEqual({ status: 'project', file: 'src/db.php' });
    expect(found['local.php']).toEqual({ status: 'project', file: 'public/local.php' });
    expect(found['config.php']).toEqual({ status: 'project', file: 'includes/config.php' });
  });

  it('C9: what is missing says where it was looked for and what it probably means', () => {
    expect(found['./gone.php']?.status).toBe('missing');
    expect(found['./gone.php']?.why).toContain('public/gone.php');
    expect(found['./gone.php']?.perhaps).toEqual([]);
    expect(found['old/db.php']?.status).toBe('missing');
    expect(found['old/db.php']?.perhaps).toEqual(['archive/old/db.php']);
    expect(found['/var/www/html/src/db.php']?.perhaps).toEqual(['src/db.php']);
  });

  it('installed packages are external, computed paths computed', () => {
    expect(found['../vendor/autoload.php']?.status).toBe('external');
    expect(found.null?.status).toBe('computed');
  });
});

describe('PHP classes', () => {
  const files = {
    'composer.json':
      '{"autoload":{"psr-4":{"App\\\\":"app/","App\\\\Extra\\\\":["extra"]}},"autoload-dev":{"psr-4":{"Tests\\\\":"tests/"}}}',
    'app/Main.php': `<?php namespace App; use App\\Models\\User; use App\\Extra\\Tool; use App\\Nowhere; use Vendor\\Thing; use PDO;
      class Main { function f() { return new Local(); } }`,
    'app/Local.php': '<?php namespace App; class Local {}',
    'app/Models/User.php': '<?php namespace App\\Models; class User {}',
    'extra/Tool.php': '<?php namespace App\\Extra; class Tool {}',
    'app/Extra/Tool.php': '<?php namespace App\\Wrong; class Tool {}',
  };

  it('are found by the longest prefix of composer.json', () => {
    const found = resolveAll(files, 'app/Main.php');
    expect(found['App\\Models\\User']).toMatchObject({ status: 'project', file: 'app/Models/User.php' });
    expect(found['App\\Extra\\Tool']).toMatchObject({ status: 'project', file: 'extra/Tool.php' });
    expect(found['App\\Local']).toMatchObject({ status: 'project', file: 'app/Local.php' });
    expect(found['App\\Nowhere']).toMatchObject({ status: 'missing', why: 'looked for app/Nowhere.php' });
    expect(found['Vendor\\Thing']?.status).toBe('external');
    expect(found.PDO?.status).toBe('external');
  });

  it('are found by their declaration where nothing is configured, unless several declare them', () => {
    const { 'composer.json': _, ...plain } = files;
    const found = resolveAll({ ...plain, 'composer.json': '{ broken' }, 'app/Main.php');
    expect(found['App\\Models\\User']).toMatchObject({ status: 'project', file: 'app/Models/User.php' });
    // Two files declare `Tool`, each in a folder called `extra`.
    expect(found['App\\Extra\\Tool']?.status).toBe('external');
    expect(found.PDO?.status).toBe('external');
  });
});
