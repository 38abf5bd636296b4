/** Reports are pure functions of an audit: width, first screen, escaping and identity are checked on hand-made ones. */
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { detectAll, detectors } from '../src/audit/detectors/index.ts';
import type { Audit, Facts } from '../src/audit/model.ts';
import { parseConfig } from '../src/config/read-config.ts';
import { configFromAudit } from '../src/report/config-file.ts';
import { auditDocument } from '../src/report/json.ts';
import { auditToMarkdown } from '../src/report/markdown.ts';
import { auditToSarif } from '../src/report/sarif.ts';
import { auditToTerminal } from '../src/report/terminal.ts';
import { compared, facts, related, store, table } from './builders/facts.ts';

function audited(of: Facts): Audit {
  return { version: 1, ...of, findings: detectAll(of, []), took: { seconds: 0.61, cachedStores: 0 } };
}

const HOSTILE = 'data/\u001b[31mred\nnew|line`<b>.db';

function rivals(hub: string, auth: string): Audit {
  const users = table('users', 5, ['id:integer', 'name', 'email:email', 'password_hash:password-hash']);
  const a = store(hub, [users, table('rooms', 9)]);
  const b = store(auth, [users]);
  const comparison = compared(a, b, 'users', { same: 2, differ: { password_hash: 1 } });
  const lost = store('old.db', [], {
    status: 'not-verified',
    kind: 'sqlite',
    reason: { code: 'encrypted', message: 'encrypted (or no database at all)' },
  });
  return audited(facts([a, b, lost], [related(a, b, comparison)]));
}

const many = (): Audit => {
  const stores = Array.from({ length: 60 }, (_, i) =>
    store(`services/s${i}/data/a-rather-long-name-${i}.db`, [], { status: 'empty', bytes: 0 }),
  );
  return audited(facts([...stores, ...rivals('data/hub.db', 'data/auth.db').stores]));
};

it.each([
  ['two rivals', () => rivals('data/hub.db', 'data/auth.db')],
  ['hostile names', () => rivals(HOSTILE, 'data/auth.db')],
  ['many findings', many],
  ['an empty project', () => audited(facts([]))],
])('%s: no line is wider than the terminal, nothing moves the cursor', (_name, make) => {
  for (const width of [40, 80, 120]) {
    for (const details of [false, true]) {
      const text = auditToTerminal(make(), { width, colour: false, details });
      for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(width);
      expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
    }
  }
});

it('the first screen fits into 24 lines of 80 columns and its last lines name commands', () => {
  for (const audit of [rivals('data/hub.db', 'data/auth.db'), many()]) {
    const lines = auditToTerminal(audit, { width: 80, colour: false, details: false }).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(lines.at(-1)).toMatch(/^ {9}desprawl /);
    expect(lines.join('\n')).toMatch(/next {3}desprawl /);
  }
});

it('colour adds nothing but colour', () => {
  const audit = rivals('data/hub.db', 'data/auth.db');
  const plain = auditToTerminal(audit, { width: 80, colour: false, details: true });
  const coloured = auditToTerminal(audit, { width: 80, colour: true, details: true });
  expect(coloured).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

it('what was not verified is said on the first screen', () => {
  const text = auditToTerminal(rivals('data/hub.db', 'data/auth.db'), { width: 80, colour: false, details: false });
  expect(text).toContain('1 store not verified (encrypted)');
});

it('the document leaves out the machine: no absolute path, no digest, no sketch', () => {
  const audit = rivals('data/hub.db', 'data/auth.db');
  const inside = { digest: 'd'.repeat(32), sketch: { sampledRows: 5, complete: true, columns: { id: [1, 2] } } };
  const [first, ...others] = audit.stores;
  if (first === undefined) throw new RangeError('no store');
  const stores = [{ ...first, tables: first.tables.map((one) => ({ ...one, ...inside })) }, ...others];
  const text = JSON.stringify(auditDocument({ ...audit, stores }));
  expect(text).not.toMatch(/"(root|digest|sketch)":/);
  expect(JSON.parse(text)).toMatchObject({ version: 1, bindings: [], project: { name: 'p' } });
});

it('Markdown: markup in names stays text', () => {
  const text = auditToMarkdown(rivals(HOSTILE, 'data/auth.db'));
  expect(text).toMatch(/^# Audit of p\n/);
  expect(text).not.toContain('<b>.db has');
  for (const line of text.split('\n').filter((one) => one.startsWith('| '))) {
    expect(line.replaceAll('\\|', '').split('|')).toHaveLength(8);
  }
});

interface Sarif {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly kind: string;
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

it('SARIF: each result points to its rule and keeps its fingerprint while rows change', () => {
  const docs = detectors.map(({ doc }) => doc);
  const audit = rivals(HOSTILE, 'data/auth.db');
  const sarif = auditToSarif(audit, docs) as Sarif;
  const [run] = sarif.runs;
  expect(sarif.version).toBe('2.1.0');
  expect(run?.results).toHaveLength(audit.findings.length);
  for (const result of run?.results ?? []) {
    expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(result.kind === 'pass').toBe(result.level === 'none');
    expect(result.partialFingerprints['desprawl/v1']).toMatch(/^[0-9a-f]{32}$/);
    for (const { physicalLocation } of result.locations) {
      expect(physicalLocation.artifactLocation.uri).toMatch(/^[\w%./~()*'!-]+$/);
      expect(['data/auth.db', HOSTILE, 'old.db']).toContain(decodeURIComponent(physicalLocation.artifactLocation.uri));
    }
  }
  const more = { ...audit, findings: audit.findings.map((finding) => ({ ...finding, message: 'other words' })) };
  const prints = (of: Sarif) => of.runs[0]?.results.map(({ partialFingerprints }) => partialFingerprints);
  expect(prints(auditToSarif(more, docs) as Sarif)).toEqual(prints(sarif));
});

it('the configuration written from an audit is one that can be read', async () => {
  const ha = store('ha "1".db', [], { foreign: { program: 'Home Assistant', evidence: 'has the tables\nstates' } });
  const text = configFromAudit(audited(facts([...rivals(HOSTILE, 'data/auth.db').stores, ha])));
  const config = await parseConfig(text, 'desprawl.yaml', () => []);
  expect(config.foreign).toEqual(['ha "1".db']);
  const uncommented = text
    .replace('  {} # replace by the lines below that are right\n', '')
    .replace(/^ {2}# (?=.*role:)/gm, '  ');
  await expect(parseConfig(uncommented, 'desprawl.yaml', () => [])).resolves.toBeDefined();
});
