import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** One who listens to a stream of Server-Sent Events, and takes the data of each as text. */
export async function openListener(url: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  const reply = await fetch(url, { headers, signal: leaving.signal });
  if (reply.status !== 200) throw new Error(`the stream answered ${reply.status}`);
  const input = Readable.fromWeb(reply.body as ReadableStream);
  input.on('error', () => undefined);
  let at = 0;
  async function* read() {
    for await (const line of createInterface({ input })) {
      at = performance.now();
      if (line.startsWith('data: ')) yield line.slice('data: '.length);
    }
  }
  const events = read();
  const next = async (): Promise<string> => {
    const { value, done } = await events.next();
    if (done === true || value === undefined) throw new Error('the stream has ended');
    return value;
  };
  return {
    next,
    /** Waits for an event that fits. */
    async until(fits: (text: string) => boolean): Promise<string> {
      for (;;) {
        const text = await next();
        if (fits(text)) return text;
      }
    },
    /** When the last line came, by the clock of `performance`. */
    lastAt: () => at,
    leave: () => leaving.abort(),
  };
}
