import { createServer, type AddressInfo } from 'node:net';

/** A mail server that stores all mails. */
export interface Mailbox {
  url: string;
  /** Each mail as it was received. */
  letters: string[];
  close(): Promise<void>;
}

export async function openMailbox(): Promise<Mailbox> {
  const letters: string[] = [];
  const server = createServer((socket) => {
    let letter: string | undefined;
    let rest = '';
    socket.on('error', () => undefined);
    socket.write('220 mailbox\r\n');
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString('utf8')).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines)
        if (letter === undefined) {
          if (line === 'DATA') letter = '';
          socket.write(answer(line));
        } else if (line === '.') {
          letters.push(letter);
          letter = undefined;
          socket.write('250 kept\r\n');
        } else letter += `${line}\n`;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function answer(line: string): string {
  if (line === 'DATA') return '354 go on\r\n';
  if (line === 'STARTTLS') return '502 not here\r\n';
  return line === 'QUIT' ? '221 bye\r\n' : '250 mailbox\r\n';
}
