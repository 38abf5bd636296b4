/** The review of a plan, and of a rollback, in a terminal of 80 columns: what is shown and asked, and what the answers lead to. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import type { StatusDocument } from '../src/apply/model.ts';
import { homesteads } from './homestead-home.ts';
import { type Shown, inTerminal as shown } from './in-terminal.ts';
import type { ProjectHome } from './project-home.ts';
import { treeState } from './tree-state.ts';

const stages = homesteads();
let home: ProjectHome;
beforeEach(async () => {
  home = await stages.at('planned');
}, 60_000);
afterAll(() => stages.remove());

const LONG = 120_000;
const plan = (): string => readFileSync(join(home.root, 'desprawl-plan.yaml'), 'utf8');
const status = (): Promise<StatusDocument> => home.json<StatusDocument>('status');

const inTerminal = (args: readonly string[], ...answers: readonly string[]): Promise<Shown> =>
  shown(home.root, args, ...answers);

/** Eight questions of the two merges have a proposal; two more have none. */
const PROPOSED = Array.from({ length: 8 }, () => '');
const LATER = Array.from({ length: 10 }, () => 'later');

it('asks decision by decision, leaves out what is skipped, tries what is answered, and applies just that', async () => {
  const before = treeState(home.root).filter((line) => !line.includes('desprawl-plan.yaml'));
  const answers = [
    ...PROPOSED,
    'leave',
    'goes',
    'skip',
    'archive-exports-devices-csv',
    'dry run',
    'proceed',
    'homestead',
  ];
  const { code, said, out } = await inTerminal(['apply'], ...answers);
  expect(code, said).toBe(0);
  expect(said).toMatch(/ {2}3 {2}later {4}leave it open/);
  expect(said).toMatch(/archive {4}exports\/devices\.csv +skipped/);
  // The dry run is of what was answered by then.
  expect(said).toMatch(/dry run: would be applied, and verifies[\s\S]*applies +merge-hub/);
  expect(said).toMatch(/\d+ files go from the project, into the vault\. Type homestead:/);
  expect(out).toMatch(/applied and verified[\s\S]*applied +merge-hub/);
  expect(out).toMatch(/skipped +archive-exports-devices-csv/);
  expect(plan()).toMatch(/chosen: newest[\s\S]*skip: true/);
  // What nobody typed an answer to was not asked for again.
  expect((await status()).runs).toMatchObject([{ status: { is: 'verified' } }]);

  const refused = await inTerminal(['rollback'], 'n');
  expect([refused.code, refused.out]).toEqual([0, '']);
  expect(refused.said).toMatch(/takes back[\s\S]*Take it back\? \[Y\/n\] \nNothing was changed\./);
  const back = await inTerminal(['rollback'], 'y');
  expect([back.code, back.out]).toEqual([0, expect.stringMatching(/rolled back in/)]);
  const after = treeState(home.root).filter((line) => !line.includes('desprawl-plan.yaml'));
  expect(after.slice(1)).toEqual(before.slice(1));
}, 180_000);

it(
  'who waits gets a verified backup, and the plan stays as it was answered',
  async () => {
    const { code, said } = await inTerminal(['apply'], 'complete', ...LATER.slice(1), 'wait');
    expect(code, said).toBe(0);
    expect(said).toMatch(/backed up and read back: \S+\n/);
    expect(plan()).toMatch(/chosen: complete/);
    expect((await status()).runs).toEqual([]);
    expect((await home.run(['backup', 'list'])).stdout).toMatch(/1 backup/);
  },
  LONG,
);

it(
  'another word than the one asked for: nothing is changed',
  async () => {
    const before = treeState(home.root).filter((line) => !line.includes('desprawl-plan.yaml'));
    const { code, said } = await inTerminal(['apply'], ...LATER, 'proceed', 'yes');
    expect([code, said]).toEqual([130, expect.stringMatching(/Another word was typed[\s\S]*Nothing was changed/)]);
    expect(treeState(home.root).filter((line) => !line.includes('desprawl-plan.yaml'))).toEqual(before);
    expect((await status()).runs).toEqual([]);
  },
  LONG,
);
