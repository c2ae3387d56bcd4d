import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on which answers can be held up. */
export interface HeldConnection {
  address: string;
  /** From now on, answers stay on the way. */
  hold(): void;
  /** Those that were held up arrive, and all others at once. */
  letThrough(): void;
  close(): Promise<void>;
}

export async function holdableConnection(target: string): Promise<HeldConnection> {
  const [host, port] = target.split(':');
  const onwards = new Set<Socket>();
  let held = false;
  const server = createServer((socket) => {
    const onward = connect(Number(port), host);
    onwards.add(onward);
    socket.pipe(onward);
    onward.on('data', (chunk) => socket.write(chunk));
    if (held) onward.pause();
    for (const one of [socket, onward]) one.on('error', () => onward.destroy());
    socket.on('close', () => onward.destroy());
    onward.on('close', () => {
      onwards.delete(onward);
      socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      held = true;
      for (const onward of onwards) onward.pause();
    },
    letThrough() {
      held = false;
      for (const onward of onwards) onward.resume();
    },
    async close() {
      for (const onward of onwards) onward.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
