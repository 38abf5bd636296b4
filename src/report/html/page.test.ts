/** What can be said of the page without a browser: it is complete, the same every time, and nothing in it can leave its place. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { binding } from '../../../test/builders/bindings.ts';
import { facts, store } from '../../../test/builders/facts.ts';
import { audited, hostile, large, small } from '../../../test/builders/html-audit.ts';
import type { Audit } from '../../audit/model.ts';
import { auditHtml, HTML_REPORT_MARK } from './page.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

const page = (audit: Audit): string => auditHtml(audit, { version: '1.2.3' });
const empty = (): Audit => audited(facts([]));

const ALL = [
  ['small', small],
  ['large', large],
  ['hostile', hostile],
  ['empty', empty],
] as const;

/** The page's tags, with style and script taken out: neither has a text of the audit. */
function tagsOf(text: string): readonly string[] {
  const bare = text.replace(`<style>${STYLE}</style>`, '').replace(`<script>${SCRIPT}</script>`, '');
  return bare.match(/<[^>]*>/g) ?? [];
}

it.each(ALL)('%s: says the same every time', (_name, make) => {
  expect(page(make())).toBe(page(make()));
});

it('is the same page whatever is only known of this run', () => {
  const audit = small();
  expect(page({ ...audit, took: { seconds: 99, cachedStores: 7 } })).toBe(page(audit));
});

it.each(ALL)('%s: begins as a report that may be replaced', (_name, make) => {
  expect(page(make()).startsWith(`${HTML_REPORT_MARK}<html lang="en">`)).toBe(true);
});

it.each(ALL)('%s: needs nothing from outside', (_name, make) => {
  const tags = tagsOf(page(make()));
  for (const tag of tags) {
    const names = tag.replace(/="[^"]*"/g, '=');
    expect(names).not.toMatch(/\s(src|srcset|action|formaction|data|poster|background|ping|manifest)=/i);
    expect(names).not.toMatch(/^<(img|link|iframe|object|embed|audio|video|base)/i);
    expect(names).not.toMatch(/\son\w+=/i);
    const [, href] = tag.match(/\shref="([^"]*)"/) ?? [];
    if (href !== undefined) expect(href).toMatch(/^#[\w-]+$/);
  }
  expect(STYLE).not.toMatch(/url\(|@import|@font-face/);
  expect(SCRIPT).not.toMatch(/fetch|XMLHttp|import\(|https?:|innerHTML|eval|document\.write/);
});

it.each(ALL)('%s: every link leads somewhere, every id is given once', (_name, make) => {
  const tags = tagsOf(page(make()));
  const ids = tags.flatMap((tag) => tag.match(/\sid="([^"]*)"/)?.[1] ?? []);
  expect(ids.length).toBe(new Set(ids).size);
  for (const tag of tags) {
    for (const [, id = ''] of tag.matchAll(/\s(?:href="#|aria-labelledby=")([^"]*)"/g)) expect(ids).toContain(id);
  }
});

it.each(ALL)('%s: elements are closed in the order in which they were opened', (_name, make) => {
  const open: string[] = [];
  for (const tag of tagsOf(page(make()))) {
    const [, end, name = ''] = tag.match(/^<(\/?)([a-z0-9]+)/i) ?? [];
    if (name === '' || /^(meta|input|br)$/.test(name) || tag.endsWith('/>')) continue;
    if (end === '/') expect(open.pop()).toBe(name);
    else open.push(name);
  }
  expect(open).toEqual([]);
});

it('allows its own script and no other', () => {
  const text = page(small());
  const [, policy = ''] = text.match(/Content-Security-Policy" content="([^"]*)"/) ?? [];
  const scripts = [...text.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = '']) => script);
  expect(scripts).toHaveLength(1);
  const hash = createHash('sha256')
    .update(scripts[0] ?? '')
    .digest('base64');
  expect(policy).toContain(`script-src 'sha256-${hash}';`);
  expect(policy).toMatch(/^default-src 'none'; style-src 'unsafe-inline'; /);
});

it('no name leaves its place', () => {
  const text = page(hostile());
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text.match(/<\/script/g)).toHaveLength(1);
  expect(text.match(/<style/g)).toHaveLength(1);
  expect(text).not.toMatch(/<img|<svg onload|<td>\s*<\/td><b>/);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]/u);
  for (const tag of tagsOf(text)) expect(tag).toMatch(/^<\/?[a-zA-Z][a-zA-Z0-9]*(\s+[\w-]+(="[^"<]*")?)*\s*\/?>$|^<!/);
});

it.each(ALL)('%s: every finding is there whole', (_name, make) => {
  const audit = make();
  const text = decoded(page(audit));
  const articles = text.match(/<article class="finding"/g) ?? [];
  expect(articles).toHaveLength(audit.findings.length);
  for (const finding of audit.findings.filter(({ message }) => /^[\w .:,()]+$/.test(message))) {
    const told = finding.severity === 'good' ? [] : [finding.consequence, finding.action];
    for (const part of [finding.message, finding.code, ...finding.evidence, ...told]) expect(text).toContain(part);
    for (const { path, line } of finding.at) expect(text).toContain(line === undefined ? path : `${path}:${line}`);
  }
});

it('every store, pair of twins and binding is listed, drawn or not', () => {
  const audit = large();
  const text = page(audit);
  for (const [i] of audit.stores.entries()) expect(text).toContain(`id="store-${i}"`);
  expect(text.match(/<tr role="row" id="twins-/g)).toHaveLength(audit.relations.length);
  for (const { path, line } of audit.code.bindings) expect(text).toContain(`>${path}:${line}</code>`);
});

it('says what it did not draw', () => {
  const text = decoded(page(large()));
  expect(text).toMatch(/Not drawn, and listed below: .*\d+ stores?<\/a>.*\d+ files? of code.*\d+ pairs of twins/);
  expect(decoded(page(small()))).not.toContain('Not drawn');
});

it('says what is not verified, in its head', () => {
  const head = page(small()).split('id="picture"')[0] ?? '';
  expect(head).toContain('Not verified: 1 store');
  expect(head).toContain('encrypted (or no database at all)');
});

it('says what a line opens, in which context, what that assumes and on what evidence', () => {
  const text = decoded(page(small()));
  for (const part of [
    'services/auth/session.py:12',
    'docker compose, service auth',
    'started from services/auth',
    'assumes: AUTH_DB is set nowhere',
    'the volume moves',
    'DB_PATH = os.getenv("AUTH_DB")',
    'settings.py:8',
    'services/auth/session.py:20',
    'a database in memory',
    'cache/tiles.db: is not there, and nothing makes it',
  ]) {
    expect(text).toContain(part);
  }
});

it('a project without a store says so', () => {
  const text = page(empty());
  expect(text).toContain('No store was found');
  expect(text).toContain('Nothing to report.');
});

it('where the project lies stays on this machine', () => {
  const root = '/home/me/work/project';
  const base = facts([store('a.db')]);
  const named = { ...base, project: { ...base.project, root } };
  const bindings = [
    binding(
      'a.py',
      1,
      { kind: 'outside', path: '/home/me/other/b.db' },
      { evidence: [{ text: `"${root}/a.db" from ${root}` }] },
    ),
    binding('a.py', 2, { kind: 'outside', path: '/var/lib/app/c.db' }, { assumes: [`${root}-old is not there`] }),
  ];
  const text = decoded(page(audited(named, bindings)));
  expect(text).toContain('"a.db" from .');
  expect(text).toContain('../../other/b.db');
  expect(text).toContain('/var/lib/app/c.db');
  expect(text).toContain('/home/me/work/project-old is not there');
  expect(text.replace(`${root}-old`, '')).not.toContain('/home/me');
});

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
