export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown>;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export type Handler = (request: Request) => Reply;

export interface Total {
  readonly meter: string;
  readonly month: string;
  readonly kwh: number;
}
