import { clearScreenDown, moveCursor } from 'node:readline';
import type { OperationStatus } from '../../contract/status.js';
import { aheadLines, headline, leftoverLines, broughtLines, statusText, stepLine, waitingLines } from './format.js';

/** Shows how a run gets on. */
export interface Progress {
  show(status: OperationStatus): void;
}

/** On a terminal the whole status, drawn again at each change; in a pipe one line for each step that changes. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? drawn(stream) : told(stream);
}

function drawn(stream: NodeJS.WriteStream): Progress {
  let lines = 0;
  return {
    show(status) {
      const text = statusText(status);
      moveCursor(stream, 0, -lines);
      clearScreenDown(stream);
      stream.write(`${text}\n`);
      lines = text
        .split('\n')
        .reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / (stream.columns || 80))), 0);
    },
  };
}

function told(stream: NodeJS.WriteStream): Progress {
  const last = new Map<string, string>();
  const say = (key: string, line: string) => {
    if (last.get(key) === line) return;
    last.set(key, line);
    stream.write(`${line}\n`);
  };
  return {
    show(status) {
      for (const step of status.steps) if (step.state !== 'pending') say(step.name, stepLine(step));
      say('headline', headline(status));
      if (status.grace?.next !== undefined) say('next', `  next: ${status.grace.next}`);
      if (status.state === 'blocked') say('waiting', waitingLines(status.id, status.blocked).join('\n'));
      const ahead = aheadLines(status);
      if (ahead.length > 0) say('ahead', ahead.join('\n'));
      for (const line of [...broughtLines(status), ...leftoverLines(status)]) say(line, line);
    },
  };
}
