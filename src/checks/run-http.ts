/**
 * Starts a program of the project, waits until it answers, sends it requests one after the other and compares the statuses. Cookies
 * are kept between them, so that a log-in counts for what follows. Only this machine is asked.
 */
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpCheck, HttpRequest } from '../config/config.ts';
import { type Group, startGroup } from './process-group.ts';

export interface HttpSaid {
  readonly ok: boolean;
  readonly said: string;
  readonly output: string;
}

const HOST = '127.0.0.1';
const ASK_EVERY_MS = 100;
const REQUEST_MS = 30_000;

export async function runHttp(
  check: HttpCheck,
  at: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<HttpSaid> {
  const port = await freePort();
  const group = startGroup({
    command: check.start,
    cwd: at.cwd,
    env: { ...at.env, [check.port]: String(port) },
    signal: at.signal,
  });
  try {
    const said = await ask(check, port, group, at.signal);
    await group.end();
    return { ...said, output: group.output() };
  } finally {
    await group.end();
    at.signal?.throwIfAborted();
  }
}

async function ask(
  check: HttpCheck,
  port: number,
  group: Group,
  signal: AbortSignal | undefined,
): Promise<{ readonly ok: boolean; readonly said: string }> {
  const until = performance.now() + check.timeout * 1000;
  const left = (): number => until - performance.now();
  let ended: number | string | undefined;
  group.ended.then(
    (how) => {
      ended = how;
    },
    (error: Error) => {
      ended = error.message;
    },
  );
  while ((await statusOf({ method: 'GET', path: check.ready, status: 0 }, port, new Map(), REQUEST_MS)) === null) {
    signal?.throwIfAborted();
    if (ended !== undefined) return { ok: false, said: `ended with ${ended} before it answered ${check.ready}` };
    if (left() <= 0) return { ok: false, said: `did not answer ${check.ready} within ${check.timeout} s` };
    await sleep(ASK_EVERY_MS);
  }
  const cookies = new Map<string, string>();
  for (const request of check.requests) {
    signal?.throwIfAborted();
    const name = `${request.method} ${request.path}`;
    if (left() <= 0) return { ok: false, said: `${name} was not asked: ${check.timeout} s were over` };
    const status = await statusOf(request, port, cookies, Math.min(left(), REQUEST_MS));
    if (status === null) return { ok: false, said: `${name}: no answer instead of ${request.status}` };
    if (status !== request.status) return { ok: false, said: `${name}: ${status} instead of ${request.status}` };
  }
  const n = check.requests.length;
  return { ok: true, said: n === 0 ? `${check.ready} answers` : `${n} of ${n} requests as expected` };
}

/** `null` where nothing answers. */
async function statusOf(
  request: HttpRequest,
  port: number,
  cookies: Map<string, string>,
  timeout: number,
): Promise<number | null> {
  try {
    const response = await fetch(`http://${HOST}:${port}${request.path}`, {
      method: request.method,
      // Where a redirect leads is another question than whether there is one.
      redirect: 'manual',
      signal: AbortSignal.timeout(Math.max(1, Math.ceil(timeout))),
      headers: {
        ...(request.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join('; ') }),
      },
      ...(request.json === undefined ? {} : { body: JSON.stringify(request.json) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(cookie) ?? [];
      if (key !== '') cookies.set(key, value);
    }
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** One that nobody listens to now. Somebody may take it before the program does: then it ends, and the check says so. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
