import type { VNode } from 'preact';
import type { Problem } from '../api/problem.js';
import type { PlainProblem } from './answers.js';
import { Notice } from './pieces.js';
import type { Screen } from './frame.js';

const AWAY = 503;

/** What a person can do about a problem of this status. */
const remedies: Readonly<Record<number, string>> = {
  403: 'Ask somebody whose key may do this, or log in with another key.',
  404: 'It may have been deleted by the retention of Temporal, or the link is wrong.',
  500: 'Try again. If it stays so, ask the operator of the gateway to look into its log.',
  [AWAY]: 'Nothing is lost: runs go on by themselves. This screen comes back by itself, too.',
};

/** A screen that cannot be shown now. */
export function troubleScreen(problem: Problem): Screen {
  const { title } = problem.body('') as { title: string };
  return { title, body: <Trouble problem={problem} title={title} /> };
}

function Trouble({ problem: { status, message }, title }: { problem: Problem; title: string }): VNode {
  return (
    <Notice tone={toneOf(status)} title={headingOf(status, title)} level="h1">
      <p>{message}</p>
      {remedies[status] !== undefined && <p class="quiet">{remedies[status]}</p>}
      <p>
        <a href="/">Back to the board</a>
      </p>
    </Notice>
  );
}

/** A part of a screen that cannot be shown now. */
export function NotShown({ problem: { status, message } }: { problem: PlainProblem }): VNode {
  return (
    <Notice tone={toneOf(status)} title={headingOf(status, 'This cannot be shown')}>
      <p>{message}</p>
      {status === AWAY && <p class="quiet">{remedies[AWAY]}</p>}
    </Notice>
  );
}

function toneOf(status: number): 'warn' | 'danger' {
  return status === AWAY ? 'warn' : 'danger';
}

function headingOf(status: number, other: string): string {
  return status === AWAY ? 'Not available at the moment' : other;
}
