/** Audits for the page: a small one with a bit of everything, a hostile one, one that is too large for any picture. */
import { detectAll } from '../../src/audit/detectors/index.ts';
import type { Audit, Facts, Finding, Severity } from '../../src/audit/model.ts';
import type { Binding } from '../../src/bindings/model.ts';
import { binding } from './bindings.ts';
import { compared, facts, NO_CODE, related, store, table } from './facts.ts';

export function audited(of: Facts, bindings: readonly Binding[] = [], findings: readonly Finding[] = []): Audit {
  const all = [...detectAll(of, []), ...findings];
  return { version: 1, ...of, code: { ...NO_CODE, bindings }, findings: all, took: { seconds: 0.61, cachedStores: 0 } };
}

/** Two stores that contradict each other, one that cannot be read, code that opens them in different contexts. */
export function small(hub = 'data/hub.db', auth = 'data/auth.db', code = 'services/auth/session.py'): Audit {
  const users = table('users', 5, ['id:integer', 'name', 'email:email', 'password_hash:password-hash']);
  const a = store(hub, [users, table('rooms', 9)]);
  const b = store(auth, [users]);
  const lost = store('old.db', [], {
    status: 'not-verified',
    reason: { code: 'encrypted', message: 'encrypted (or no database at all)' },
  });
  const relation = related(a, b, compared(a, b, 'users', { same: 2, differ: { password_hash: 1 } }));
  const bindings = [
    binding(code, 12, hub, {
      access: ['read', 'write'],
      assumes: ['AUTH_DB is set nowhere'],
      changesIf: ['the volume moves'],
      evidence: [{ text: 'DB_PATH = os.getenv("AUTH_DB")', path: 'settings.py', line: 8 }],
      tables: [{ table: 'users', access: 'write', path: code, line: 20 }],
    }),
    binding(code, 12, auth, { confidence: 'likely', context: 'started from services/auth' }),
    binding('dashboard/app.js', 7, hub, { access: ['ddl'] }),
    binding('tests/users.test.js', 3, { kind: 'memory' }, { purpose: 'test' }),
    binding('worker.py', 4, { kind: 'missing', path: 'cache/tiles.db' }, { confidence: 'unknown' }),
  ];
  return audited(facts([a, b, lost], [relation], { primary: hub }), bindings);
}

export function finding(i: number, severity: Severity, more: Partial<Finding> = {}): Finding {
  return {
    code: 'conflicting-twin',
    severity,
    confidence: 'likely',
    message: `Finding number ${i}.`,
    at: [{ path: `src/place-${i}.py`, line: i + 1 }],
    evidence: Array.from({ length: (i % 14) + 1 }, (_, k) => `measured fact ${i}.${k}`),
    consequence: `Consequence ${i}.`,
    action: `Action ${i}.`,
    command: ['diff', `a-${i}.db`, `b-${i}.db`],
    fingerprint: i.toString(16).padStart(32, '0'),
    ...more,
  };
}

/** 60 stores that share tables, 300 bindings of 90 files, 200 findings of every severity. */
export function large(): Audit {
  const roles = ['live', 'live', 'live', 'backup', 'export', 'live'] as const;
  const stores = Array.from({ length: 60 }, (_, i) =>
    store(`services/service-${i % 12}/data/a-rather-long-name-${i}.db`, [table('users', 100 + i)], {
      role: roles[i % 6] ?? 'live',
      bytes: 4096 * (i + 1),
    }),
  );
  const relations = stores.flatMap((a, i) =>
    stores.slice(i + 1).flatMap((b, j) => {
      if ((i * 31 + j * 17) % 23 !== 0) return [];
      return [related(a, b, compared(a, b, 'users', { same: 60 - i, differ: { name: (i + j) % 5 } }))];
    }),
  );
  const access = [['read'], ['write'], ['read', 'write'], ['ddl'], []] as const;
  const bindings = Array.from({ length: 300 }, (_, i) => {
    const target = stores[(i * i + 7 * i) % 60]?.id ?? '';
    return binding(`services/service-${i % 12}/src/repository-${(i * 13) % 90}.py`, i + 1, target, {
      access: access[i % 5] ?? [],
      confidence: i % 3 === 0 ? 'likely' : 'proven',
    });
  });
  const severities = ['critical', 'high', 'medium', 'low', 'good'] as const;
  const findings = Array.from({ length: 200 }, (_, i) =>
    finding(i, severities[Math.floor(i / 40)] ?? 'low', {
      code: ['conflicting-twin', 'copy-store', 'seed-data'][i % 3] ?? '',
      stores: [stores[i % 60]?.id ?? ''],
    }),
  );
  const of = facts(stores, relations);
  return { version: 1, ...of, code: { ...NO_CODE, bindings }, findings, took: { seconds: 2, cachedStores: 0 } };
}

/** What a file can be called that wants to leave its place in a page. */
export const HOSTILE_NAMES: readonly string[] = [
  '</script><script>window.broken=1</script>.db',
  '"><img src=x onerror="window.broken=1">.db',
  "' onmouseover='window.broken=1' x='.db",
  '--><svg onload=window.broken=1>.db',
  '</style><style>*{display:none}</style>.db',
  'data/\u001b[31mred\nnew\u0000line.db',
  'data/\u202egnp.exe\u2066.db',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a name
  '${window.broken=1}`{{broken}}.db',
  `data/${'long'.repeat(2500)}.db`,
  '数据/база/قاعدة.db',
];

export function hostile(): Audit {
  const users = table('users</td>', 5);
  const stores = HOSTILE_NAMES.map((name) => store(name, [users]));
  const relations = stores
    .slice(1)
    .map((a, i) =>
      related(a, stores[i] ?? a, compared(a, stores[i] ?? a, 'users</td>', { same: 2, differ: { name: 1 } })),
    );
  const bindings = HOSTILE_NAMES.flatMap((name, i) => [
    binding(name, i + 1, stores[i]?.id ?? '', {
      spelling: name,
      context: name,
      assumes: [name],
      changesIf: [name],
      evidence: [{ text: name, path: name, line: 1 }],
      tables: [{ table: name, access: 'read', path: name, line: 2 }],
    }),
    binding(name, i + 2, { kind: 'missing', path: `${name}-gone` }),
    binding(name, i + 3, { kind: 'server', engine: name, url: name, variable: name }),
    binding(name, i + 4, { kind: 'unknown', why: name }),
  ]);
  const findings = HOSTILE_NAMES.map((name, i) =>
    finding(i, 'high', {
      code: name,
      message: `${name} is hostile.`,
      at: [{ path: name, line: 1 }],
      evidence: [name],
      consequence: name,
      action: name,
      command: ['diff', name],
      fingerprint: name,
    }),
  );
  const of = facts(stores, relations, {
    project: {
      name: HOSTILE_NAMES[0] ?? '',
      root: '/home/me/secret-project',
      git: { head: '"><b>', branch: null },
      files: 3,
      bytes: 3,
      skipped: HOSTILE_NAMES.map((path) => ({ path, why: path, files: 1 })),
      unreadable: HOSTILE_NAMES.map((path) => ({ path, why: path })),
    },
    lookalikes: HOSTILE_NAMES.map((path) => ({ path, bytes: 1, is: path })),
    notCompared: HOSTILE_NAMES.map((path) => ({ a: path, b: path, why: path })),
  });
  return audited(of, bindings, findings);
}
