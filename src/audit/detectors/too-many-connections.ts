/** Pools × processes against what the server allows. */
import type { Binding } from '../../bindings/model.ts';
import { purposeOf } from '../../bindings/purpose.ts';
import { groupBy } from '../group-by.ts';
import type { Detector, Facts } from '../model.ts';
import { type PoolSize, poolSizes } from '../pool-sizes.ts';
import { type Processes, processesOf, setting } from '../processes.ts';
import { count, list } from '../wording.ts';
import type { Draft } from './finding.ts';

export const tooManyConnections: Detector = {
  doc: {
    code: 'too-many-connections',
    title: 'The pools may open more connections than the server allows',
    severity: 'high',
    when: 'The pools that the code makes for one server, times the processes that are started, are more than `max_connections`; where nothing sets that, more than the default (PostgreSQL 100, MySQL and MariaDB 151).',
    why: 'Under load the server refuses connections, also to the person who comes to repair it.',
    fix: 'Make the pools smaller, let modules share one pool per process, or put a pooler in front of the server.',
    not: 'Servers behind a pooler, pools whose size nobody can read, processes of which no command tells how many there are (they count once), SQLite.',
  },
  detect(facts) {
    const pools = poolsOf(facts);
    const processes = processesOf(facts);
    return [...groupBy(pools, ({ server }) => server).values()].flatMap((own) => {
      const worst = deployments(own, processes, facts).sort((x, y) => y.most - x.most)[0];
      const limit = limitOf(own[0] as Pool, facts);
      return worst === undefined || worst.most <= limit.most ? [] : [describe(own[0] as Pool, worst, limit)];
    });
  },
};

interface Pool extends PoolSize {
  readonly path: string;
  readonly server: string;
  readonly label: string;
  readonly engine: string;
}

type Server = Pick<Pool, 'server' | 'label' | 'engine'>;

function serverOf({ target, changesIf }: Binding, only: string | undefined): Server | undefined {
  if (target.kind === 'server') {
    const { engine, url, variable } = target;
    const label = url ?? `${engine} (${variable ?? 'its URL is not known'})`;
    return { engine, label, server: `${variable ?? url ?? ''}` };
  }
  // A URL that a variable names which nothing here sets: it is of the only kind of server that is started here.
  const variable = changesIf.flatMap((one) => /^(\w+) is set$/.exec(one)?.[1] ?? [])[0];
  if (target.kind !== 'unknown' || variable === undefined || only === undefined) return undefined;
  return { engine: only, label: `${only} (${variable})`, server: variable };
}

/** Of the images that compose files and jobs name. */
function onlyEngine({ code }: Facts): string | undefined {
  const engines = new Set<string>();
  for (const { places } of code.files.values()) {
    for (const { image = '' } of places) {
      const name = /(?:^|\/)(postgres|postgis|pgvector|timescaledb|mysql|mariadb)\b/.exec(image)?.[1];
      if (name !== undefined) engines.add(/^(?:mysql|mariadb)$/.test(name) ? 'mysql' : 'postgresql');
    }
  }
  return engines.size === 1 ? [...engines][0] : undefined;
}

interface Deployment {
  readonly most: number;
  readonly parts: readonly { readonly of: Processes; readonly pools: readonly Pool[]; readonly most: number }[];
}

const POOLER = /pgbouncer|pgpool|pgcat|supavisor|pooler|proxysql|:6432\b|-proxy\b/i;

function poolsOf(facts: Facts): readonly Pool[] {
  const only = onlyEngine(facts);
  const servers = facts.code.bindings.flatMap((binding) => {
    if (purposeOf(binding.path) !== 'application') return [];
    const server = serverOf(binding, only);
    if (server === undefined || !/^(?:postgres|mysql|mariadb)/.test(server.engine)) return [];
    return POOLER.test(server.label) ? [] : [{ ...server, path: binding.path, line: binding.line }];
  });
  const pools: Pool[] = [];
  for (const [path, bindings] of groupBy(servers, (binding) => binding.path)) {
    const lines = new Set(bindings.map(({ line }) => line));
    for (const size of poolSizes(facts.code.structureOf(path), lines, (name) => setting(name, facts))) {
      const server = bindings.find(({ line }) => line === size.line);
      if (server !== undefined) pools.push({ ...size, ...server });
    }
  }
  return pools;
}

function deployments(pools: readonly Pool[], processes: readonly Processes[], { code }: Facts): Deployment[] {
  const found: Deployment[] = [];
  for (const started of groupBy(processes, ({ deployment }) => deployment).values()) {
    const parts = started.flatMap((of) => {
      const loaded = pools.filter(({ path }) => code.graph.leadingTo(path).has(of.file));
      const most = loaded.reduce((sum, pool) => sum + pool.most, 0) * of.count;
      return most === 0 ? [] : [{ of, pools: loaded, most }];
    });
    // Scripts of one manifest are not all started: the largest counts.
    const together = /compose[\w.-]*\.ya?ml$|Procfile/.test(started[0]?.deployment ?? '');
    const counted = together ? parts : parts.sort((x, y) => y.most - x.most).slice(0, 1);
    found.push({ most: counted.reduce((sum, { most }) => sum + most, 0), parts: counted });
  }
  return found;
}

interface Limit {
  readonly most: number;
  readonly how: string;
  readonly written: boolean;
  readonly at?: { readonly path: string; readonly line: number };
}

function limitOf({ engine }: Pool, { code }: Facts): Limit {
  const postgres = engine.startsWith('postgres');
  for (const [path, { commands, places }] of code.files) {
    for (const { words, by, at } of commands) {
      const image = places.find(({ label }) => label === by)?.image ?? words[0] ?? '';
      if (!(postgres ? /postg/i : /mysql|maria/i).test(image)) continue;
      for (const word of words) {
        const given = /^(?:-c|--)?max[_-]connections=(\d+)$/.exec(word)?.[1];
        if (given !== undefined)
          return {
            most: Number(given),
            how: `max_connections is ${given} (${path}:${at[2]})`,
            written: true,
            at: { path, line: at[2] },
          };
      }
    }
  }
  for (const [path, { settings = [], language }] of code.files) {
    if (language !== 'ini') continue;
    const set = settings.find(({ key, v }) => /(?:^|\.)max_connections$/.test(key) && /^\d+$/.test(v));
    if (set !== undefined && (postgres ? /postg/i : /my|maria/i).test(path))
      return {
        most: Number(set.v),
        how: `max_connections is ${set.v} (${path}:${set.at[2]})`,
        written: true,
        at: { path, line: set.at[2] },
      };
  }
  const most = postgres ? 100 : 151;
  return { most, how: `nothing here sets max_connections: ${most} by default`, written: false };
}

function describe(pool: Pool, { most, parts }: Deployment, limit: Limit): Draft {
  const pools = [...new Set(parts.flatMap((part) => part.pools))];
  return {
    severity: limit.written ? 'high' : 'medium',
    confidence: limit.written && pools.every(({ written }) => written) ? 'likely' : 'possible',
    message: `Up to ${count(most, 'connection')} to ${pool.label} where ${limit.most} are allowed.`,
    at: [
      ...pools.map(({ path, line }) => ({ path, line })),
      ...parts.map(({ of }) => ({ path: of.path, line: of.line })),
      ...(limit.at === undefined ? [] : [limit.at]),
    ],
    evidence: [
      ...parts.map(
        ({ of, pools: loaded, most: part }) =>
          `${of.how} (${of.path}:${of.line}) × ${loaded.length === 1 ? '' : '('}${loaded.map(({ most: size }) => size).join(' + ')}${loaded.length === 1 ? '' : ')'} = ${part}`,
      ),
      ...pools.map(({ path, line, how }) => `${path}:${line}: ${how}`),
      limit.how,
    ],
    consequence: 'Under load the server refuses connections: requests fail that have nothing to do with the cause.',
    action: `Make the pools smaller (${list(pools.map(({ path, line }) => `${path}:${line}`))}), start fewer processes, or put a pooler in between.`,
  };
}
