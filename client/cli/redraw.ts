import { createLogUpdate } from 'log-update';
import { print } from './output.js';
import { textFor } from './printable.js';

/** Text on a terminal that is drawn again at each change. */
export interface Redraw {
  show(text: string): void;
  /** Removes the text, and prints the last one, if there is one. */
  end(last?: string): void;
}

export function createRedraw(stream: NodeJS.WriteStream): Redraw {
  const redraw = createLogUpdate(stream, { showCursor: true });
  return {
    show: (text) => redraw(textFor(stream, text)),
    end(last) {
      // a redrawn text is cut to the height of the terminal; the last one must not be
      redraw.clear();
      if (last !== undefined) print(stream, last);
    },
  };
}
