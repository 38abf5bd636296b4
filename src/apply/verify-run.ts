/**
 * Verifies a run that the state knows, and writes what was found beside it. The project is looked at anew; its backups are read again;
 * its checks are run in copies, where their owner agreed.
 */
import { join } from 'node:path';
import type { Audit } from '../audit/model.ts';
import { compareChecks, compareMeasures } from '../checks/compare-checks.ts';
import type { CheckOutcome, MeasureOutcome } from '../checks/model.ts';
import { keyOf } from '../disk/paths.ts';
import { readIfThere } from '../disk/read-file.ts';
import { writeNewFile } from '../disk/write-file.ts';
import { DesprawlError } from '../errors.ts';
import { chainsOf, movesOf } from '../journal/run-changes.ts';
import { readRun } from '../journal/run-folder.ts';
import type { Lock } from '../plan/lock-model.ts';
import { gitIndex } from '../steps/git-index-file.ts';
import { transitionsOf } from '../steps/step.ts';
import { openPool } from '../stores/child/pool.ts';
import { openScratch } from '../stores/scratch.ts';
import { writeCheck } from '../vault/checks.ts';
import { readManifest } from '../vault/manifest.ts';
import { openObjects } from '../vault/objects.ts';
import { vaultFolder } from '../vault/vault-folder.ts';
import { verifyBackup } from '../vault/verify-backup.ts';
import { ABOUT, type AboutRun } from '../verify/model.ts';
import { verify } from '../verify/verify.ts';
import type { CheckedBackup } from '../verify/verify-backups.ts';
import { copiesOf } from './copies-of.ts';
import { look, type ProjectGround } from './ground.ts';
import { goesWith, type KnownRun, type KnownRuns } from './known-runs.ts';
import type { NotVerified, RunId, VerifyReport } from './model.ts';
import { checkProject, chosen } from './run-project-checks.ts';
import { verifyExports } from './verify-exports.ts';
import { verifyMerges } from './verify-merges.ts';

export interface VerifyRequest {
  readonly run: KnownRun;
  readonly known: KnownRuns;
  /** The owner agreed to the commands of the checks. */
  readonly consent: boolean;
  /** Measured by who has both states at hand. */
  readonly measured?: readonly MeasureOutcome[];
  /** Not to be looked at again where it was just done. */
  readonly audit?: Audit;
}

/** The caller holds the state. */
export async function verifyRun(ground: ProjectGround, request: VerifyRequest): Promise<VerifyReport> {
  const { disk, root, config, state } = ground;
  const began = ground.now();
  const { run, known } = request;
  const opened = readRun(disk, state, run.id);
  if (opened === null) throw new DesprawlError('DSP-RUN-UNKNOWN', `The run ${run.id} never began.`);
  try {
    const about = readJson<AboutRun>(ground, join(run.folder, ABOUT));
    const lock = readJson<Lock>(ground, join(run.folder, 'lock.json'));
    const audit = request.audit ?? (await look(ground));
    const backups = await checkBackups(ground, run.header.backups);
    const moved = movesOf(chainsOf(opened.steps.between(1, opened.steps.count)));
    const merges = await verifyMerges(ground, run.folder, about, { audit, moved });
    const exports = await verifyExports(ground, about);
    const checked = await compared(ground, request, about, audit, opened.steps.between(1, opened.steps.count));
    const report = verify({
      disk,
      root,
      run: opened,
      status: run.status.is,
      audit,
      config,
      before: about,
      lock,
      backups,
      merges,
      exports,
      git: audit.project.git === null ? null : gitIndex(disk),
      later: laterKeys(ground, goesWith(known.runs, run.id)),
      archived: archivedKeys(backups),
      actions: about?.actions ?? [],
      decisions: about?.decisions ?? [],
      left: about?.left ?? [],
      checks: checked.results,
      notVerified: [...(about?.notVerified ?? []), ...checked.notVerified],
      tool: ground.tool,
      at: new Date(ground.now()).toISOString(),
      seconds: (ground.now() - began) / 1000,
    });
    writeReport(ground, run, report);
    return report;
  } finally {
    opened.steps.close();
  }
}

async function compared(
  ground: ProjectGround,
  request: VerifyRequest,
  about: AboutRun | null,
  audit: Audit,
  steps: Parameters<typeof chainsOf>[0],
): Promise<ReturnType<typeof compareChecks>> {
  const names = about?.asked ?? { checks: [], measures: [] };
  const moved = movesOf(chainsOf(steps));
  const copies = copiesOf(ground);
  let after: readonly CheckOutcome[];
  try {
    after = await checkProject(
      ground,
      audit,
      { checks: chosen(ground.config.checks, names.checks), consent: request.consent },
      { copies, tree: ground.root, storeAt: (path) => moved.get(path) ?? path },
    );
  } finally {
    copies.close();
  }
  const checks = compareChecks(about?.checks ?? [], after);
  const measures = compareMeasures(request.measured ?? []);
  const gone: NotVerified[] = names.checks
    .filter((name) => ground.config.checks[name] === undefined)
    .map((name) => ({ what: `check ${name}`, why: 'desprawl.yaml does not say any more what it is' }));
  const unmeasured: NotVerified[] =
    request.measured === undefined
      ? names.measures.map((name) => ({
          what: `measure ${name}`,
          why: 'it takes the state before and after side by side: measured by `desprawl apply --run-checks` only',
        }))
      : [];
  return {
    results: [...checks.results, ...measures.results],
    notVerified: [...checks.notVerified, ...measures.notVerified, ...gone, ...unmeasured],
  };
}

async function checkBackups(ground: ProjectGround, ids: readonly string[]): Promise<readonly CheckedBackup[]> {
  const { disk, state, scratchDir, signal } = ground;
  if (ids.length === 0) return [];
  const vault = vaultFolder(state.vault);
  const scratch = openScratch(scratchDir);
  const pool = openPool({ size: 1, tempDir: scratch.dir, signal });
  try {
    const checked: CheckedBackup[] = [];
    for (const [done, id] of ids.entries()) {
      ground.onProgress?.({ phase: 'verify', done, total: ids.length, item: id });
      checked.push(await checkBackup(id));
    }
    return checked;
  } finally {
    pool.close();
    scratch.close();
  }

  async function checkBackup(id: string): Promise<CheckedBackup> {
    try {
      const manifest = readManifest(disk, vault, id);
      const on = { disk, objects: openObjects(disk, state.vault), pool, now: () => ground.now(), signal };
      const check = await verifyBackup(on, manifest, 'contents');
      writeCheck(disk, vault, check);
      return { id, manifest, check };
    } catch (error) {
      // It was pruned, or the vault is damaged: what there is to say is said of the run.
      if (
        error instanceof DesprawlError &&
        (error.code === 'DSP-BACKUP-UNKNOWN' || error.code === 'DSP-VAULT-DAMAGED')
      ) {
        return { id, manifest: null, check: null };
      }
      throw error;
    }
  }
}

/** Paths that are kept forever: what an action archived. */
export function archivedKeys(backups: readonly Pick<CheckedBackup, 'manifest'>[]): ReadonlySet<string> {
  const archives = backups.flatMap(({ manifest }) => (manifest?.why.kind === 'archive' ? manifest.files : []));
  return new Set(archives.map(({ path }) => keyOf(path)));
}

function laterKeys({ disk, state }: ProjectGround, later: readonly RunId[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const id of later) {
    const run = readRun(disk, state, id);
    if (run === null) continue;
    try {
      for (const step of run.steps.between(1, run.steps.count)) {
        for (const { path } of transitionsOf(step)) keys.add(keyOf(path));
        if (step.op === 'git-index') for (const { path } of step.entries) keys.add(keyOf(path));
      }
    } finally {
      run.steps.close();
    }
  }
  return keys;
}

/** Written once, beside those before it. */
function writeReport({ disk }: ProjectGround, { folder }: KnownRun, report: VerifyReport): void {
  const taken = disk
    .readdir(folder)
    .map((name) => Number(/^report-(\d{4,})\.json$/.exec(name.toString('latin1'))?.[1] ?? 0));
  const name = `report-${String(Math.max(0, ...taken) + 1).padStart(4, '0')}.json`;
  writeNewFile(disk, join(folder, name), Buffer.from(`${JSON.stringify(report)}\n`));
  disk.syncFolder(folder);
}

function readJson<T>({ disk }: ProjectGround, path: string): T | null {
  const bytes = readIfThere(disk, path);
  if (bytes === null) return null;
  try {
    return JSON.parse(bytes.toString('utf8')) as T;
  } catch {
    // Written before its run began, with a hash of nothing: who damaged it damaged what was to be compared with.
    return null;
  }
}
