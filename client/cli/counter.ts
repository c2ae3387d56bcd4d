import { print } from './output.js';
import { createRedraw } from './redraw.js';

const EVERY = 100;

/** Shows how far something is that is done for many. */
export interface Counter {
  /** `text` says what was done with so many. */
  show(done: number, text: string): void;
  end(): void;
}

/** On a terminal one line that is drawn again; in a pipe a line for every hundred. */
export function createCounter(stream: NodeJS.WriteStream): Counter {
  if (!stream.isTTY) return appending(stream);
  const redraw = createRedraw(stream);
  return { show: (_done, text) => redraw.show(text), end: () => redraw.end() };
}

function appending(stream: NodeJS.WriteStream): Counter {
  let hundreds = 0;
  return {
    show(done, text) {
      const now = Math.floor(done / EVERY);
      if (now > 0 && now !== hundreds) print(stream, text);
      hundreds = now;
    },
    end: () => undefined,
  };
}
