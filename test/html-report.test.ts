/**
 * The page in a real browser: Chromium from the system, started with a fresh profile. Without one these tests are skipped; on the
 * machine that builds releases (`CI=true`) that is a failure.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Audit } from '../src/audit/model.ts';
import { auditHtml } from '../src/report/html/page.ts';
import { hostile, large, small } from './builders/html-audit.ts';
import { expectNoTrace, runCli } from './run-cli.ts';

const PATHS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PATHS.find((path) => path !== undefined && path !== '' && existsSync(path));
/** The profile is new, nothing is asked of the network, the root user may start it. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const AUDITS: Readonly<Record<string, Audit>> = { small: small(), large: large(), hostile: hostile() };

interface Contrast {
  readonly of: string;
  readonly text: string;
  readonly ratio: number;
}

interface Focus {
  readonly part: string;
  readonly marked: boolean;
  readonly lines: number;
}

/** See in-page.js. */
async function inPage<T>(page: Page, name: string): Promise<T> {
  return (await page.evaluate(`${IN_PAGE}.${name}()`)) as T;
}

const IN_PAGE = readFileSync(new URL('./in-page.js', import.meta.url), 'utf8').replace(/;\s*$/, '');

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'html-report-'));
  for (const [name, audit] of Object.entries(AUDITS)) {
    writeFileSync(join(dir, `${name}.html`), auditHtml(audit, { version: '0.0.0' }));
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('a browser is there where releases are built', () => {
  expect(executablePath !== undefined || process.env.CI !== 'true', 'install chromium, or set $CHROMIUM').toBe(true);
});

describe.skipIf(executablePath === undefined)('in a browser', () => {
  let scripted: BrowserContext;
  let plain: BrowserContext;
  beforeAll(async () => {
    const start = (name: string, javaScriptEnabled: boolean): Promise<BrowserContext> =>
      chromium.launchPersistentContext(join(dir, name), {
        executablePath: executablePath ?? '',
        args: ARGS,
        javaScriptEnabled,
        timeout: 60_000,
      });
    scripted = await start('scripted', true);
    plain = await start('plain', false);
  });
  afterAll(async () => {
    await scripted?.close();
    await plain?.close();
  });

  /** Opens a report and, at the end, expects that it asked for nothing and complained about nothing. */
  async function visit(
    name: string,
    look: (page: Page) => Promise<void>,
    how: { readonly width?: number; readonly dark?: boolean; readonly script?: boolean } = {},
  ): Promise<void> {
    const page = await (how.script === false ? plain : scripted).newPage();
    const asked: string[] = [];
    const said: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    const url = pathToFileURL(join(dir, `${name}.html`)).href;
    try {
      await page.setViewportSize({ width: how.width ?? 1280, height: 900 });
      await page.emulateMedia({ colorScheme: how.dark ? 'dark' : 'light', reducedMotion: 'reduce' });
      await page.goto(url);
      await look(page);
      expect(asked.filter((one) => !one.startsWith(`${url}#`))).toEqual([url]);
      expect(said).toEqual([]);
    } finally {
      await page.close();
    }
  }

  const names = Object.keys(AUDITS);

  it.each(names.flatMap((name) => [400, 700, 1024, 1280, 1900].map((width) => [name, width] as const)))(
    '%s: at %i pixels nothing is wider than the page',
    async (name, width) => {
      await visit(
        name,
        async (page) => {
          expect(await inPage<number>(page, 'overhang')).toBeLessThanOrEqual(0);
        },
        { width },
      );
    },
  );

  it.each(names)('%s: nothing of an audit runs as script', async (name) => {
    await visit(name, async (page) => {
      expect(await inPage(page, 'broken')).toBeNull();
      expect(await page.locator('script').count()).toBe(1);
      expect(await page.locator('img, iframe, object, link').count()).toBe(0);
    });
  });

  it.each(names)('%s: without script every finding can be read', async (name) => {
    await visit(
      name,
      async (page) => {
        const titles = page.locator('.finding h4');
        const messages = AUDITS[name]?.findings.map(({ message }) => message) ?? [];
        expect(await titles.count()).toBe(messages.length);
        const hidden = await titles.evaluateAll((all) => all.filter((one) => !one.checkVisibility()).length);
        expect(hidden).toBe(0);
        const shown = new Set(await titles.allTextContents());
        for (const message of messages.filter((one) => /^[ -~]+$/.test(one))) expect(shown).toContain(message);
        expect(await page.locator('#filter').isVisible()).toBe(false);
      },
      { script: false },
    );
  });

  it.each([
    ['small', false],
    ['small', true],
    ['large', false],
    ['large', true],
  ] as const)('%s, dark: %s: every text can be told from its background', async (name, dark) => {
    await visit(
      name,
      async (page) => {
        const texts = await inPage<readonly Contrast[]>(page, 'contrasts');
        expect(texts.length).toBeGreaterThan(20);
        const severities = texts.filter(({ of }) => of.startsWith('badge '));
        expect(severities.length).toBeGreaterThan(0);
        expect(texts.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      },
      { dark },
    );
  });

  it('dark is dark', async () => {
    const seen: string[] = [];
    for (const dark of [false, true]) {
      await visit('small', async (page) => void seen.push(await inPage<string>(page, 'background')), { dark });
    }
    expect(seen[0]).not.toBe(seen[1]);
  });

  it('boxes of the picture stand over nothing, lines meet their boxes', async () => {
    await visit('large', async (page) => {
      expect(await inPage(page, 'overlappingBoxes')).toBe(0);
      expect(await inPage(page, 'cutTexts')).toBe(0);
      expect(await inPage(page, 'looseLines')).toBe(0);
      expect(await page.locator('.gutter .line').count()).toBeGreaterThan(40);
    });
  });

  it('on a narrow screen the boxes follow one another and lines are words', async () => {
    await visit(
      'small',
      async (page) => {
        expect(await page.locator('.gutter').first().isVisible()).toBe(false);
        const tops = await page
          .locator('.graph .box')
          .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
        expect(tops).toEqual([...tops].sort((a, b) => a - b));
        const file = page.locator('.box.file', { hasText: 'session.py' });
        expect(await file.innerText()).toMatch(/12\s+reads, writes\s+proven\s+to hub\.db/);
      },
      { width: 400 },
    );
  });

  it('pointing at a store marks its lines and what they lead to', async () => {
    await visit('small', async (page) => {
      const box = page.locator('.box.store', { hasText: 'hub.db' });
      const key = await box.getAttribute('data-box');
      await box.hover();
      const lines = page.locator('.gutter .line');
      const own = page.locator(`.gutter .line[data-b="${key}"]`);
      expect(await own.count()).toBeGreaterThan(2);
      expect(await own.evaluateAll((all) => all.every((one) => one.classList.contains('on')))).toBe(true);
      expect(await page.locator('.gutter .line:not(.on)').count()).toBeGreaterThan(0);
      expect(await page.locator('.box.file.on').allInnerTexts()).toHaveLength(2);
      expect(await page.locator('.box.twin.on').count()).toBe(1);
      await page.mouse.move(2, 2);
      expect(await page.locator('.graph .on').count()).toBe(0);
      expect(await lines.count()).toBeGreaterThan(0);
    });
  });

  it('the keyboard reaches boxes, filter and findings, in the order of the page, and sees where it is', async () => {
    await visit('small', async (page) => {
      const reached: string[] = [];
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        const at = await inPage<Focus | null>(page, 'focused');
        if (at === null) break;
        expect(at.marked, at.part).toBe(true);
        if (at.part === 'box') expect(at.lines).toBeGreaterThan(0);
        if (reached.at(-1) !== at.part) reached.push(at.part);
      }
      expect(reached[0]).toBe('skip');
      expect(reached).toContain('box');
      expect(reached.indexOf('box')).toBeLessThan(reached.indexOf('filter'));
      expect(reached.indexOf('filter')).toBeLessThan(reached.indexOf('finding'));
      expect(reached.indexOf('finding')).toBeLessThan(reached.indexOf('code'));
    });
  });

  it('the focus on a box marks its lines like the pointer does', async () => {
    await visit('small', async (page) => {
      await page.locator('.box.store a.name', { hasText: 'hub.db' }).focus();
      expect(await page.locator('.gutter .line.on').count()).toBeGreaterThan(2);
    });
  });

  it('findings can be filtered by severity, code and text', async () => {
    await visit('large', async (page) => {
      const shown = (): Promise<number> =>
        page.locator('.finding').evaluateAll((all) => all.filter((one) => one.checkVisibility()).length);
      const told = page.locator('#shown');
      expect(await shown()).toBe(200);
      await page.getByRole('checkbox', { name: 'Critical' }).uncheck();
      expect(await shown()).toBe(160);
      expect(await told.textContent()).toBe('160 of 200');
      expect(await page.locator('#critical').isVisible()).toBe(false);
      await page.locator('select[name=code]').selectOption('copy-store');
      expect(await shown()).toBe(
        AUDITS.large?.findings.filter(({ code, severity }) => code === 'copy-store' && severity !== 'critical').length,
      );
      await page.locator('select[name=code]').selectOption('');
      await page.getByRole('searchbox', { name: 'Text' }).fill('NUMBER 177.');
      expect(await shown()).toBe(1);
      await page.getByRole('searchbox', { name: 'Text' }).fill('nothing like it');
      expect(await shown()).toBe(0);
      expect(await page.locator('#none-fit').isVisible()).toBe(true);
      // A link to a finding wins over the filter that hides it.
      await inPage(page, 'showFirstFinding');
      await expect.poll(shown).toBe(200);
    });
  });

  it('headings do not skip a level; tables and landmarks have names', async () => {
    await visit('small', async (page) => {
      const levels = await page.locator('h1,h2,h3,h4').evaluateAll((all) => all.map((one) => Number(one.tagName[1])));
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      for (const [i, level] of levels.entries()) if (i > 0) expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1);
      expect(await page.locator('main').count()).toBe(1);
      expect(await page.locator('table').count()).toBe(await page.locator('table > caption').count());
      await expect(page.getByRole('table').first().getByRole('rowheader').count()).resolves.toBeGreaterThan(2);
      expect(await page.getByRole('search').count()).toBe(1);
      expect(await page.getByRole('region', { name: 'Findings' }).count()).toBe(1);
    });
  });

  it('on paper all evidence is unfolded and the filter is left out', async () => {
    await visit(
      'large',
      async (page) => {
        await page.emulateMedia({ media: 'print' });
        const folded = page.locator('.finding details li').first();
        expect(await folded.evaluate((one) => one.getBoundingClientRect().height)).toBeGreaterThan(5);
        expect(await page.locator('#filter').isVisible()).toBe(false);
      },
      { dark: true },
    );
  });
});

describe('desprawl audit --html', () => {
  const make = (): string => {
    const project = mkdtempSync(join(dir, 'project-'));
    writeFileSync(join(project, 'people.csv'), 'id,name\n1,Ann\n2,Ben\n3,Cid\n');
    return project;
  };

  it('writes the page beside the report, and again over its own', async () => {
    const project = make();
    const out = join(dir, 'out.html');
    for (const path of ['out.html', out]) {
      const run = await runCli(['-C', project, 'audit', '--html', path, '--fail-on', 'never'], { cwd: dir });
      expectNoTrace(run);
      expect(run.code).toBe(0);
      expect(run.stderr).toContain(`written: ${path}`);
      expect(run.stdout).toContain('1 store');
    }
    expect(readFileSync(out, 'utf8')).toContain('people.csv');
    expect(readFileSync(out, 'utf8')).not.toContain(project);
  });

  it('leaves a page of somebody else alone', async () => {
    const out = join(dir, 'mine.html');
    writeFileSync(out, '<!doctype html>\n<p>mine</p>\n');
    const run = await runCli(['-C', make(), 'audit', '--html', out], { cwd: dir });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('DSP-FILE-EXISTS');
    expect(readFileSync(out, 'utf8')).toBe('<!doctype html>\n<p>mine</p>\n');
  });

  it('`-`: to standard output, alone', async () => {
    const project = make();
    const run = await runCli(['-C', project, 'audit', '--html', '-', '--fail-on', 'never']);
    expect(run.stdout).toMatch(/^<!doctype html>\n/);
    expect(run.stdout).toMatch(/<\/html>\n$/);
    const both = await runCli(['-C', project, 'audit', '--html', '-', '--json']);
    expect(both.code).toBe(2);
    expect(JSON.parse(both.stdout)).toMatchObject({ error: { code: 'DSP-USAGE' } });
  });
});
