/**
 * The boxes of the middle column: one for each store, one for a row of backups or exports that nothing opens, one for each thing
 * that code opens and that is no store of the project.
 */
import { groupBy } from '../../audit/group-by.ts';
import type { Finding, Severity, Store, StoreGroup } from '../../audit/model.ts';
import { count, size } from '../../audit/wording.ts';
import type { Binding, BindingTarget } from '../../bindings/model.ts';
import { rowsOf } from '../terminal.ts';
import { type Audited, SEVERITY_ORDER } from './audited.ts';
import { madeTogether, otherBox } from './other-boxes.ts';
import { folderOf, storeLabels } from './store-label.ts';

export interface StoreBox {
  readonly key: string;
  /** `other`: what code opens and the audit found no store for. */
  readonly kind: 'store' | 'bundle' | 'other';
  /** Ids of the stores that it stands for. */
  readonly stores: readonly string[];
  /** What it is called in its own box, which says where it is … */
  readonly name: string;
  /** … and everywhere else: no other box is called so. */
  readonly label: string;
  /** Where it is, or what it is. */
  readonly where: string;
  readonly facts: string;
  readonly primary: boolean;
  readonly bytes: number;
  /** Positions in `audit.findings`, worst first. */
  readonly findings: readonly number[];
  readonly worst: Severity | null;
  /** Stores of one group stand beside each other. */
  readonly group: string;
}

export interface StoreBoxes {
  readonly boxes: readonly StoreBox[];
  /** Box of a store. */
  readonly ofStore: ReadonlyMap<string, StoreBox>;
  /** Short names of stores. */
  readonly labels: ReadonlyMap<string, string>;
  /** Boxes of what a binding opens. */
  targets(binding: Binding): readonly StoreBox[];
}

/** Fewer backups of a folder than this are shown one by one. */
const LEAST_BUNDLED = 3;

export function storeBoxes(audit: Audited): StoreBoxes {
  const labels = storeLabels(audit.stores.map(({ id }) => id));
  const groups = new Map(audit.groups.flatMap((group) => group.stores.map((id) => [id, group] as const)));
  const findings = findingsOfStores(audit);
  const opened = new Set(audit.bindings.flatMap((binding) => storesOf(binding)));
  const bundled = audit.stores.filter(({ id, role }) => {
    const group = groups.get(id);
    return role !== 'live' && !opened.has(id) && group !== undefined && group.primary !== id;
  });
  const bundles = groupBy(bundled, ({ id, role, path }) => JSON.stringify([groups.get(id)?.id, role, folderOf(path)]));
  const boxes: StoreBox[] = [];
  const ofStore = new Map<string, StoreBox>();
  for (const members of bundles.values()) {
    if (members.length < LEAST_BUNDLED) continue;
    const box = bundleBox(members, groups, findings, audit);
    boxes.push(box);
    for (const { id } of members) ofStore.set(id, box);
  }
  for (const store of audit.stores) {
    if (ofStore.has(store.id)) continue;
    const box = singleBox(store, labels.get(store.id) ?? store.path, groups.get(store.id), findings, audit);
    boxes.push(box);
    ofStore.set(store.id, box);
  }
  const others = new Map<string, StoreBox>();
  const together = madeTogether(audit.bindings);
  const other = (target: BindingTarget): StoreBox => {
    const box = otherBox(target, together);
    const known = others.get(box.key);
    if (known !== undefined) return known;
    others.set(box.key, box);
    boxes.push(box);
    return box;
  };
  const targets = (binding: Binding): readonly StoreBox[] => {
    const known = storesOf(binding).flatMap((id) => ofStore.get(id) ?? []);
    return known.length > 0 ? [...new Set(known)] : [other(binding.target)];
  };
  for (const binding of audit.bindings) targets(binding);
  return { boxes, ofStore, labels, targets };
}

/** Stores that a binding may open, by id. */
export function storesOf({ store, target }: Binding): readonly string[] {
  if (target.kind === 'family') return target.stores;
  if (store !== null) return [store];
  return target.kind === 'store' ? [target.store] : [];
}

function findingsOfStores({ findings }: Audited): ReadonlyMap<string, readonly number[]> {
  const of = new Map<string, number[]>();
  for (const [i, finding] of findings.entries()) {
    if (finding.severity === 'good') continue;
    for (const id of new Set(concerned(finding))) {
      const known = of.get(id);
      if (known === undefined) of.set(id, [i]);
      else known.push(i);
    }
  }
  return new Map([...of].map(([id, indices]) => [id, worstFirst(indices, findings)]));
}

function worstFirst(indices: readonly number[], findings: readonly Finding[]): readonly number[] {
  const rank = (i: number): number => SEVERITY_ORDER.indexOf(findings[i]?.severity ?? 'good');
  return [...new Set(indices)].sort((a, b) => rank(a) - rank(b) || a - b);
}

function concerned({ stores, at }: Finding): readonly string[] {
  return [...(stores ?? []), ...at.map(({ path }) => path)];
}

function worstOf(indices: readonly number[], { findings }: Audited): Severity | null {
  const [first] = indices;
  return first === undefined ? null : (findings[first]?.severity ?? null);
}

function singleBox(
  store: Store,
  label: string,
  group: StoreGroup | undefined,
  findings: ReadonlyMap<string, readonly number[]>,
  audit: Audited,
): StoreBox {
  const own = findings.get(store.id) ?? [];
  const rows = store.status === 'verified' ? [count(rowsOf(store), 'row')] : [store.status.replace('-', ' ')];
  return {
    key: `store ${store.id}`,
    kind: 'store',
    stores: [store.id],
    name: store.path.slice(store.path.lastIndexOf('/') + 1),
    label,
    where: folderOf(store.path),
    facts: [size(store.bytes), ...rows, roleOf(store)].join(' · '),
    primary: group?.primary === store.id,
    bytes: store.bytes,
    findings: own,
    worst: worstOf(own, audit),
    group: group?.id ?? store.id,
  };
}

function bundleBox(
  members: readonly Store[],
  groups: ReadonlyMap<string, StoreGroup>,
  findings: ReadonlyMap<string, readonly number[]>,
  audit: Audited,
): StoreBox {
  const [first] = members as readonly [Store, ...Store[]];
  const ids = new Set(members.map(({ id }) => id));
  const bytes = members.reduce((sum, store) => sum + store.bytes, 0);
  const copies = new Set(
    audit.relations.flatMap(({ a, b, byteEqual }) => (byteEqual && ids.has(a) && ids.has(b) ? [a] : [])),
  );
  const contents = members.length - copies.size;
  const own = worstFirst(
    members.flatMap(({ id }) => findings.get(id) ?? []),
    audit.findings,
  );
  return {
    key: `bundle ${first.id}`,
    kind: 'bundle',
    stores: members.map(({ id }) => id),
    name: count(members.length, first.role),
    label: `${count(members.length, first.role)} in ${folderOf(first.path)}`,
    where: `${folderOf(first.path)}: ${first.path.slice(first.path.lastIndexOf('/') + 1)} …`,
    facts: [size(bytes), ...(copies.size === 0 ? [] : [count(contents, 'content')])].join(' · '),
    primary: false,
    bytes,
    findings: own,
    worst: worstOf(own, audit),
    group: groups.get(first.id)?.id ?? first.id,
  };
}

const ROLES: Readonly<Record<Store['role'], string>> = {
  live: 'in use',
  backup: 'backup',
  export: 'export',
  fixture: 'fixture',
};

function roleOf(store: Store): string {
  return store.foreign === undefined ? ROLES[store.role] : `of ${store.foreign.program}`;
}
