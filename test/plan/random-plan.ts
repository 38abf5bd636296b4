/** Plans with whatever people and files could put into them: odd paths, texts that YAML takes for something else, every kind of action. */
import fc from 'fast-check';
import type { MergeTable } from '../../src/merge/settings.ts';
import type { Action, Decision, Plan } from '../../src/plan/model.ts';

const text = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      'yes',
      'null',
      '1',
      '# x',
      'a: b',
      '- a',
      '*x',
      "it's",
      '"q"',
      'a, b',
      '[x]',
      '{y}',
      ' x ',
      'ü → é',
      '2026-12-01',
      'a # b',
    ),
  )
  .map((one) => one.replace(/\0/g, '').trim() || 'x');
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
const segment = fc
  .oneof(name, text)
  .map((one) => one.replace(/[/\s]+/g, '_').replace(/[\p{Cc}\p{Cs}]/gu, ''))
  .filter((one) => one !== '' && one !== '.' && one !== '..' && one !== '.git');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
/** Two spaces part a place from its reason. */
const left = fc
  .record({ path, why: text.filter((one) => !/^\s|\s\s/.test(one)) })
  .filter((one) => !/:\d+$|\s\s/.test(one.path))
  .map((one) => ({ ...one }));

const decision = (id: string): fc.Arbitrary<Decision> =>
  fc
    .record({
      question: text,
      evidence: fc.array(text, { maxLength: 3 }),
      choices: fc.uniqueArray(fc.tuple(name, text), { minLength: 1, maxLength: 3, selector: ([key]) => key }),
      proposed: fc.option(fc.nat(2)),
      chosen: fc.option(fc.nat(2)),
    })
    .map(({ question, evidence, choices, proposed, chosen }) => {
      const pick = (n: number | null): string | null =>
        n === null ? null : (choices[n % choices.length]?.[0] ?? null);
      return {
        id,
        question,
        evidence,
        choices: Object.fromEntries(choices),
        proposal: pick(proposed),
        chosen: pick(chosen),
      };
    });

/** Names of columns and tables are anything. */
const words = fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true });
const mergeTable: fc.Arbitrary<MergeTable> = fc
  .record({
    table: text,
    rows: fc.option(text),
    from: fc.constant({}),
    apart: fc.constant([]),
    identity: fc.oneof(
      fc.constantFrom('row' as const, 'none' as const),
      fc.array(text, { minLength: 1, maxLength: 2 }),
    ),
    agreeing: fc.boolean(),
    differ: fc.dictionary(text, fc.constantFrom('target', 'source', 'complete', 'ask'), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
    newest: fc.option(text),
    columns: words,
    add: words,
    fill: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.constant(null)), { maxKeys: 2, noNullPrototype: true }),
    references: fc.array(
      fc.constantFrom('a -> b.c', 'ids[] -> b.id', 'e -> b.id where t is x, y', 'e -> b.id (m.db: ids of a.db)'),
      { maxLength: 2 },
    ),
    deleted: fc.constantFrom('stays', 'returns', 'ask'),
  })
  .map((one) => ({ ...one, agreeing: one.agreeing && Array.isArray(one.identity) }));

const own: fc.Arbitrary<object> = fc.oneof(
  fc.record({ kind: fc.constant('archive'), subject: path, to: fc.option(path) }),
  fc.record({ kind: fc.constant('remove'), subject: path, because: fc.option(path) }),
  fc.record({ kind: fc.constant('untrack'), subject: path }),
  fc.record({ kind: fc.constant('ignore'), subject: text, file: fc.oneof(fc.constant('.gitignore'), path) }),
  fc.record({ kind: fc.constant('block'), subject: path }),
  fc.record({
    kind: fc.constant('write-file'),
    subject: path,
    content: fc.option(fc.array(text, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'))),
    template: fc.option(name),
  }),
  fc.record({ kind: fc.constant('merge'), subject: fc.constant('hub.db'), tables: fc.constant([]) }).chain((merge) =>
    fc
      .tuple(
        fc.uniqueArray(path, { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(mergeTable, { maxLength: 3, selector: ({ table }) => table }),
        fc.constantFrom(null, 'table'),
      )
      .map(([from, tables, map]) => ({
        ...merge,
        from: from.filter((one) => one !== 'hub.db').length === 0 ? ['a.db'] : from.filter((one) => one !== 'hub.db'),
        tables: tables.sort((x, y) => (x.table < y.table ? -1 : 1)),
        'id-map': map,
      })),
  ),
);

const action = (id: string, decisions: readonly Decision[]): fc.Arbitrary<Action> =>
  fc
    .tuple(
      own,
      fc.record({
        reason: text,
        finding: fc.option(fc.constantFrom('backup-residue', 'empty-residue')),
        except: fc.array(path, { maxLength: 2 }),
        files: fc.oneof(fc.constant(null), fc.nat(99), fc.array(path, { minLength: 1, maxLength: 3 })),
        references: fc.option(text),
        left: fc.array(left, { maxLength: 2 }),
        undo: text,
        takes: text,
        risk: fc.constantFrom('low', 'medium', 'high'),
        risks: fc.array(text, { maxLength: 2 }),
        done: fc.option(text),
        blocked: fc.option(text),
        skip: fc.boolean(),
        phase: fc.integer({ min: 1, max: 3 }),
        docs: fc.boolean(),
        needs: fc.constant(
          decisions.slice(0, 1).map((one) => ({ decision: one.id, choices: Object.keys(one.choices) })),
        ),
      }),
      fc.option(fc.record({ owner: text, due: fc.constant('2026-12-01') })),
    )
    .map(([kind, common, noted]) => ({ id, after: [], ...kind, ...common, ...(noted ?? {}) }) as unknown as Action);

export const randomPlan: fc.Arbitrary<Plan> = fc
  .uniqueArray(name, { maxLength: 3 })
  .chain((ids) => fc.tuple(fc.constant(ids), ...ids.map((id) => decision(id))))
  .chain(([, ...decisions]) =>
    fc.tuple(
      fc.constant(decisions as readonly Decision[]),
      fc
        .uniqueArray(name, { maxLength: 4 })
        .chain((ids) => fc.tuple(...ids.map((id) => action(id, decisions as readonly Decision[])))),
      fc.array(left, { maxLength: 2 }),
      fc.uniqueArray(name, { maxLength: 2 }),
    ),
  )
  .map(([decisions, actions, lefts, checks]) => ({
    version: 1,
    plan: 'kiosk-7c1e',
    decisions,
    actions: actions as readonly Action[],
    left: lefts,
    checks,
    measures: [],
    policy: {},
    approvals: [],
  }));
