import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Handler } from './types.ts';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly handler: Handler;
}

/** A router in the manner of Express: `app.get('/path', handler)`. */
export function router() {
  const routes: Route[] = [];
  const add = (method: string) => (path: string, handler: Handler) => {
    routes.push({ method, path, handler });
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://energy');
    const route = routes.find((one: Route) => one.method === request.method && one.path === url.pathname);
    let text = '';
    for await (const part of request) text += part;
    let reply = { status: 404, body: { error: 'no such address' } as unknown };
    if (route) {
      try {
        const body = text === '' ? {} : JSON.parse(text);
        reply = route.handler({ method: route.method, path: url.pathname, query: url.searchParams, body });
      } catch (error) {
        reply = { status: 400, body: { error: String(error) } };
      }
    }
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply.body));
  }

  return {
    get: add('GET'),
    post: add('POST'),
    listen: (port: number, ready: (server: Server) => void) => {
      const server = createServer(answer);
      server.listen(port, '127.0.0.1', () => ready(server));
      return server;
    },
  };
}
