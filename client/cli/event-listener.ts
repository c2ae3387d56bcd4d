import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { TenantryError } from '../../contract/errors.js';
import { parseJson } from '../../contract/json.js';

const MOST_BYTES = 1_048_576;
const CLOSING_MS = 1000;

/** What came, and whether its signature is right. `problem` is absent when it is. */
export interface Received {
  id: string | undefined;
  body: unknown;
  problem?: string;
  /** True: this id has come before. */
  repeated?: true;
}

export interface ListenOptions {
  port: number;
  secret: string;
  /** What is answered to an event whose signature is right. */
  answer: number;
  onReceived(received: Received): void;
}

export interface Listener {
  url: string;
  close(): Promise<void>;
}

/** Receives outgoing events on this machine. Fails as `unavailable` when the port is in use. */
export async function listenForEvents({ port, secret, answer, onReceived }: ListenOptions): Promise<Listener> {
  const webhook = new Webhook(secret);
  const ids = new Set<string>();
  const server = createServer((request, response) => {
    void receive(request, webhook)
      .then((received) => {
        end(response, received.problem === undefined ? answer : 401);
        return onReceived(marked(received, ids));
      })
      .catch(() => end(response, 413));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(port, error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () =>
      await new Promise((resolve) => {
        server.close(() => resolve());
        // answers that are on their way arrive first
        setTimeout(() => server.closeAllConnections(), CLOSING_MS).unref();
      }),
  };
}

/** Marks what has come before, and remembers its id. A forged id counts for nothing. */
function marked(received: Received, ids: Set<string>): Received {
  const { id, problem } = received;
  if (problem !== undefined || id === undefined) return received;
  const isKnown = ids.has(id);
  ids.add(id);
  return isKnown ? { ...received, repeated: true } : received;
}

function cannotListen(port: number, { message }: Error): TenantryError {
  return new TenantryError('unavailable', `It cannot listen on port ${port}: ${message}. Give another --port.`);
}

async function receive(request: IncomingMessage, webhook: Webhook): Promise<Received> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw new Error('too large');
  const text = (await buffer(request)).toString('utf8');
  const header = request.headers['webhook-id'];
  const id = typeof header === 'string' ? header : undefined;
  const body = parseJson(text) ?? text;
  try {
    webhook.verify(text, request.headers as Record<string, string>);
    return { id, body };
  } catch (error) {
    return { id, body, problem: (error as Error).message };
  }
}

function end(response: ServerResponse, status: number): void {
  // without a time the sender chooses one
  response.writeHead(status, status === 503 ? { 'retry-after': '5' } : {}).end();
}
