import type { OperationStatus } from '../../contract/status.js';
import { viewOf, type StepView } from '../../contract/view.js';
import { linkedText, noteLines, resultLines, statusText, stepLine } from './format.js';
import { print } from './output.js';
import { createRedraw } from './redraw.js';

/** Shows how a run gets on. */
export interface Progress {
  show(status: OperationStatus): void;
  /** Shows the last status in full. */
  end(status: OperationStatus): void;
}

/** On a terminal the whole status, drawn again at each change; in a pipe one line for each step, once it has ended. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? redrawing(stream) : appending(stream);
}

function redrawing(stream: NodeJS.WriteStream): Progress {
  const redraw = createRedraw(stream);
  return { show: (status) => redraw.show(statusText(status)), end: (status) => redraw.end(statusText(status)) };
}

/** A step's line comes once for each state it ends in, in the order of the steps; the headline when the run has ended. */
function appending(stream: NodeJS.WriteStream): Progress {
  const said = new Set<string>();
  const append = (key: string, text: string) => {
    if (said.has(key)) return;
    said.add(key);
    print(stream, text);
  };
  const appendEnded = (steps: readonly StepView[]) => {
    for (const step of steps) if (hasEnded(step)) append(`${step.name} ${step.state}`, stepLine(step));
  };
  return {
    show(status) {
      const { steps, headline } = viewOf(status);
      const open = steps.findIndex((step) => !hasEnded(step));
      appendEnded(open === -1 ? steps : steps.slice(0, open));
      for (const { name, state, error } of steps)
        if (state === 'running' && error !== undefined) append(`${name} ${error}`, `${name} is tried again: ${error}`);
      if (status.state === 'undoing' || (status.state === 'running' && status.waitsFor)) append(headline, headline);
      if (status.grace?.next !== undefined) append(status.grace.next, `  next: ${status.grace.next}`);
    },
    end(status) {
      const view = viewOf(status);
      appendEnded(view.steps);
      append(view.headline, view.headline);
      const waiting = view.waiting === undefined ? [] : noteLines(view.waiting);
      const leftovers = view.leftovers.map((one) => `  ${linkedText(one)}`);
      const notes = [...resultLines(view), ...view.grace.flatMap(noteLines)];
      for (const line of [...waiting, ...notes, ...leftovers]) print(stream, line);
    },
  };
}

function hasEnded({ state }: StepView): boolean {
  return state !== 'pending' && state !== 'running';
}
