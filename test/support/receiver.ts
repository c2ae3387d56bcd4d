import { afterEach } from '@jest/globals';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of webhooks on this machine that stores what it gets. */
export interface Receiver {
  url: string;
  got: { headers: IncomingHttpHeaders; body: string }[];
  /** What it answers from now on. */
  answer: { status: number; headers: Record<string, string> };
  close(): Promise<void>;
}

export async function openReceiver(status = 200, headers: Record<string, string> = {}): Promise<Receiver> {
  const got: Receiver['got'] = [];
  const receiver = { got, answer: { status, headers } } as Receiver;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(receiver.answer.status, receiver.answer.headers).end('ignored');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  receiver.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return receiver;
}

/** Opens receivers that are closed after each test of this file. */
export function useReceivers(): typeof openReceiver {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  return async (...how) => {
    const opened = await openReceiver(...how);
    closing.push(opened.close);
    return opened;
  };
}
