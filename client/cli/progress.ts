import { createLogUpdate } from 'log-update';
import type { OperationStatus } from '../../contract/status.js';
import { viewOf } from '../view.js';
import { noteLines, resultTexts, statusText, stepLine } from './format.js';
import { print } from './output.js';
import { joinLines, textFor } from './printable.js';

/** Shows how a run gets on. */
export interface Progress {
  show(status: OperationStatus): void;
  /** Shows the last status in full. */
  end(status: OperationStatus): void;
}

/** On a terminal the whole status, drawn again at each change; in a pipe one line for each step that changes. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? redrawing(stream) : appending(stream);
}

function redrawing(stream: NodeJS.WriteStream): Progress {
  const redraw = createLogUpdate(stream, { showCursor: true });
  return {
    show: (status) => redraw(textFor(stream, statusText(status))),
    end(status) {
      // a redrawn text is cut to the height of the terminal; the last one must not be
      redraw.clear();
      print(stream, statusText(status));
    },
  };
}

function appending(stream: NodeJS.WriteStream): Progress {
  const last = new Map<string, string>();
  const append = (key: string, text: string) => {
    if (last.get(key) === text) return;
    last.set(key, text);
    print(stream, text);
  };
  const show = (status: OperationStatus) => {
    const view = viewOf(status);
    for (const step of view.steps) if (step.state !== 'pending') append(step.name, stepLine(step));
    append('headline', view.headline);
    if (status.grace?.next !== undefined) append('next', `  next: ${status.grace.next}`);
    if (view.waiting !== undefined) append('waiting', joinLines(noteLines(view.waiting)));
    for (const text of [...resultTexts(view), ...view.leftovers]) append(text, `  ${text}`);
  };
  return { show, end: show };
}
