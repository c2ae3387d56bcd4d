import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

/** An HTTP proxy that leads every call, whatever its host, to one server on this machine. */
export interface Proxy {
  url: string;
  /** What it was asked: `CONNECT host:port`, or method and whole address. */
  asked: string[];
  /** The logins that it was given, as `name:password`. */
  logins: Set<string>;
  /** The status with which it refuses tunnels; undefined if it opens them. */
  refusing: number | undefined;
  close(): Promise<void>;
}

export async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((request, response) => {
    note(`${request.method} ${request.url}`, request.headers['proxy-authorization']);
    const { pathname, search } = new URL(request.url!);
    const { method, headers } = request;
    const onward = send({ hostname, port, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    note(`CONNECT ${request.url}`, request.headers['proxy-authorization']);
    if (proxy.refusing !== undefined) {
      socket.end(`HTTP/1.1 ${proxy.refusing} No\r\n\r\n`);
      return;
    }
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const one of [socket, onward]) one.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: Proxy = {
    url: `http://jane:pa55@127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    logins: new Set(),
    refusing: undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const note = (what: string, login = '') => {
    proxy.asked.push(what);
    proxy.logins.add(Buffer.from(login.replace('Basic ', ''), 'base64').toString());
  };
  return proxy;
}
