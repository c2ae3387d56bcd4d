import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SenderCall {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface SenderReply {
  status?: number;
  headers?: Record<string, string>;
  /** JSON, or text as it is. */
  body: unknown;
}

/** How an API answers; undefined for an object or a path that it does not have. */
export type Answers = (call: SenderCall) => SenderReply | undefined;

export type ImitatedSender = Awaited<ReturnType<typeof imitateSender>>;

/** An HTTP server on 127.0.0.1 that behaves like the API of a sender, and can be told to fail. */
export async function imitateSender(answers: Answers, notFound: unknown) {
  const calls: string[] = [];
  const times: number[] = [];
  const failures: (SenderReply | undefined)[] = [];
  let date = () => new Date().toUTCString();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = 'GET', url = '/', headers } = request;
      const { pathname, searchParams } = new URL(url, 'http://sender');
      const text = Buffer.concat(parts).toString();
      const body = text === '' ? undefined : (JSON.parse(text) as unknown);
      times.push(performance.now());
      calls.push(`${method} ${pathname}${searchParams.size > 0 ? `?${searchParams.toString()}` : ''}`);
      const call = { method, path: decodeURIComponent(pathname), query: searchParams, headers, body };
      const reply = failures.shift() ?? answers(call) ?? { status: 404, body: notFound };
      response.writeHead(reply.status ?? 200, {
        'content-type': 'application/json',
        date: date(),
        ...reply.headers,
      });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Method, path and query of every call. */
    calls,
    /** When each came, in milliseconds. */
    times,
    /** The next calls get these answers; undefined stands for the usual one. */
    fail: (...replies: (SenderReply | undefined)[]) => void failures.push(...replies),
    /** Another clock. */
    setDate: (next: () => string) => void (date = next),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** So many rows behind a position. */
export function pageOf<T>(rows: readonly T[], from: number, limit: number): { page: T[]; hasMore: boolean } {
  return { page: rows.slice(from, from + limit), hasMore: from + limit < rows.length };
}
