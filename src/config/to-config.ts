/** From the file as it is written to what the stages see: what was left out gets its default. */
import { type CheckConfig, type Config, DEFAULT_CONFIG, type HttpRequest, type MeasureConfig } from './config.ts';
import type { CheckInFile, ConfigFile, RequestInFile } from './schema.ts';
import { exportsOf } from './to-exports.ts';

/** Tests of whole projects take minutes. */
const TIMEOUT_SECONDS = 300;
const TOLERANCE = 0.2;
const OK = 200;

export function toConfig(file: ConfigFile): Config {
  const { state, plan, targets } = file;
  return {
    version: 1,
    ignore: file.ignore ?? [],
    foreign: file.foreign ?? [],
    stores: mapped(file.stores, ({ role, note }) => ({
      ...(role === undefined ? {} : { role }),
      ...(note === undefined ? {} : { note }),
    })),
    audit: {
      exact: file.audit?.exact ?? DEFAULT_CONFIG.audit.exact,
      timeout: file.audit?.timeout ?? DEFAULT_CONFIG.audit.timeout,
      disable: file.audit?.disable ?? [],
    },
    ...(state === undefined ? {} : { state }),
    plan: {
      ...(plan?.target === undefined ? {} : { target: plan.target }),
      keep: plan?.keep ?? [],
      docs: plan?.docs ?? DEFAULT_CONFIG.plan.docs,
    },
    checks: mapped(file.checks, checkOf),
    measures: mapped(file.measures, measureOf),
    targets: {
      ...(targets?.stores === undefined ? {} : { stores: targets.stores }),
      ...(targets?.['connection-modules'] === undefined ? {} : { connectionModules: targets['connection-modules'] }),
      findings: targets?.findings ?? {},
    },
    exports: exportsOf(file.exports ?? {}),
    approval: file.approval ?? DEFAULT_CONFIG.approval,
    retention: {
      keepDays: file.retention?.['keep-days'] ?? null,
      keepRuns: file.retention?.['keep-runs'] ?? null,
    },
  };
}

function checkOf(check: CheckInFile): CheckConfig {
  if ('run' in check) return { kind: 'command', run: check.run, timeout: check.timeout ?? TIMEOUT_SECONDS };
  if ('store' in check) return { kind: 'sql', store: check.store, sql: check.sql, is: check.is };
  const { start, port, ready, requests, timeout } = check;
  return {
    kind: 'http',
    start,
    port,
    ready,
    requests: (requests ?? []).map(requestOf),
    timeout: timeout ?? TIMEOUT_SECONDS,
  };
}

function requestOf(request: RequestInFile): HttpRequest {
  const status = request.status ?? OK;
  if ('get' in request) return { method: 'GET', path: request.get, status };
  return { method: 'POST', path: request.post, ...('json' in request ? { json: request.json } : {}), status };
}

function measureOf({ run, of, tolerance, timeout }: NonNullable<ConfigFile['measures']>[string]): MeasureConfig {
  return {
    run,
    of,
    tolerance: tolerance === undefined ? TOLERANCE : Number(tolerance.slice(0, -1)) / 100,
    timeout: timeout ?? TIMEOUT_SECONDS,
  };
}

function mapped<T, U>(of: Readonly<Record<string, T>> | undefined, to: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(of ?? {}).map(([key, value]) => [key, to(value)]));
}
