/** What a person writes into a plan, beside what is proposed: shapes of public projects that were planned by hand. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { planningHome } from './plan/plan-project.ts';

const home = planningHome();
const dirs: string[] = [];
afterAll(() => {
  home.close();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

function project(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'plan-own-'));
  dirs.push(dir);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const SHOP = `class ShopService:
    def __init__(self, store):
        self.store = store
        self.prices = {}

    def price_of(self, item):
        if item in self.prices:
            return self.prices[item]
        price = self.store.read(item)
        self.prices[item] = price
        return price

    def buy(self, user, item, count):
        price = self.price_of(item) * count
        if user.balance < price:
            raise ValueError("too poor")
        user.balance -= price
        self.store.write(user, item, count)
        return price

    def refund(self, user, item, count):
        price = self.price_of(item) * count
        user.balance += price
        self.store.write(user, item, -count)
        return price
`;
const program = (module: string): string =>
  `from ${module} import ShopService\n\nif __name__ == "__main__":\n    print(ShopService)\n`;
const COPIES = { 'core/services/shop.py': SHOP, 'bank/services/shop.py': SHOP };

it('a folder that a person moves is not pointed elsewhere by a proposal: both would edit the same lines', async () => {
  const dir = project({
    ...COPIES,
    'bot/a.py': program('core.services.shop'),
    'bot/b.py': program('bank.services.shop'),
    'bot/c.py': program('bank.services.shop'),
  });
  expect((await home.plan(dir)).actions).toEqual(['repoint core/services/shop.py', 'remove core/services/shop.py']);
  writeFileSync(
    join(dir, 'desprawl-plan.yaml'),
    `version: 1\nplan: ${basename(dir)}-0000\nactions:\n  - move: core/services/\n    to: core/domain/\n    id: mine\n`,
  );
  const own = await home.plan(dir, '--from', 'desprawl-plan.yaml');
  expect(own.document.actions.map(({ id, is }) => [id, is])).toEqual([['mine', 'ready']]);
  expect(own.left['core/services/shop.py']).toBe('mine comes first: plan again after it');
  // The plans themselves name what they move, and are no places that were forgotten.
  expect(own.text).not.toContain('own file');
}, 60_000);

it('two copies that nothing uses are one question for both, not a copy that stays and is asked about next time', async () => {
  const dir = project({ ...COPIES, 'bot/a.py': 'print(1)\n', Makefile: 'run:\n\tpython bot/a.py\n' });
  const plan = await home.plan(dir);
  expect(plan.actions.toSorted()).toEqual(['archive bank/services/shop.py', 'archive core/services/shop.py']);
}, 60_000);
