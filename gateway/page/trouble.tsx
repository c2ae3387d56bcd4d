import type { VNode } from 'preact';
import type { Problem } from '../api/problem.js';
import { Notice } from './pieces.js';
import type { Screen } from './frame.js';

/** What a person can do about a problem of this status. */
const remedies: Readonly<Record<number, string>> = {
  403: 'Ask somebody whose key may do this, or log in with another key.',
  404: 'It may have been deleted by the retention of Temporal, or the link is wrong.',
  500: 'Try again. If it stays so, ask the operator of the gateway to look into its log.',
  503: 'Nothing is lost: runs go on by themselves. This screen comes back by itself, too.',
};

/** A screen that cannot be shown now. */
export function troubleScreen(problem: Problem): Screen {
  const { title } = problem.body('') as { title: string };
  return { title, body: <Trouble problem={problem} title={title} /> };
}

function Trouble({ problem: { status, message }, title }: { problem: Problem; title: string }): VNode {
  const isAway = status === 503;
  const heading = isAway ? 'Not available at the moment' : title;
  return (
    <Notice tone={isAway ? 'warn' : 'danger'} title={heading} level="h1">
      <p>{message}</p>
      {remedies[status] !== undefined && <p class="quiet">{remedies[status]}</p>}
      <p>
        <a href="/">Back to the board</a>
      </p>
    </Notice>
  );
}
