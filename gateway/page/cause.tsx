import type { VNode } from 'preact';
import { MOST_DECIDED, type Cause, type ChoiceForAll, type OutcomeOfRun } from '../../client/cause-decisions.js';
import { lineOf } from './board.js';
import { Reason } from './deciding.js';
import { Hidden, Notice, Runs, Text } from './pieces.js';
import type { Session } from './sessions.js';
import type { NamedLine } from './subjects.js';
import { inWords, pathOfCause, pathOfRun } from './words.js';

/** So many runs are shown at once; the others can be opened. */
const MOST_SHOWN = 12;

/** Runs that are blocked for one cause, and what can be decided for all of them. */
export interface CauseReading {
  cause: Cause;
  runs: readonly NamedLine[];
  /** There are more than one decision can be for. */
  hasMore: boolean;
  /** Why one of them is blocked. */
  message?: string;
  choices: readonly ChoiceForAll[];
  /** Why nobody knows what can be decided. */
  unanswered?: string;
}

const choiceWords: Readonly<Record<ChoiceForAll, readonly [name: string, does: string]>> = {
  retry: ['Retry', 'tries the step again'],
  skip: ['Skip', 'goes on without this step'],
  abort: ['Abort', 'ends the runs and undoes what they did'],
};
const looks = { retry: '', skip: 'second', abort: 'grave' } as const;

/** What is to be decided, for which runs, and the form. It is the confirmation, too. */
export function CauseView({ session, ...reading }: CauseReading & { session: Session }): VNode {
  const { cause, runs, message } = reading;
  return (
    <>
      <p class="back">
        <a href="/">← Board</a>
      </p>
      <h1>One decision for {runs.length === 1 ? '1 run' : `${runs.length} runs`}</h1>
      <Notice
        tone={runs.length === 0 ? 'good' : 'danger'}
        title={runs.length === 0 ? 'Nothing waits' : 'Why they wait'}
      >
        {message !== undefined && (
          <p class="why">
            <Text of={message} />
          </p>
        )}
        <p class="quiet">
          {runs.length === 0 ? 'No run is blocked at' : 'Blocked at'} <b>{inWords(cause.step)}</b> ·{' '}
          <code>{cause.type}</code>
          {runs.length === 0 && <> any more</>}
        </p>
        {runs.length > 0 && <Choices {...reading} session={session} />}
      </Notice>
      {runs.length > 0 && <Chosen runs={runs} />}
    </>
  );
}

function Choices({ cause, runs, hasMore, choices, unanswered, session }: CauseReading & { session: Session }): VNode {
  if (choices.length === 0)
    return <p>Nothing can be decided at the moment: {unanswered ?? 'the runs go on. Load this screen again.'}</p>;
  return (
    <form class="decide" method="post" action="/cause/retry">
      <Hidden token={session.formToken} />
      <input type="hidden" name="type" value={cause.type} />
      <input type="hidden" name="step" value={cause.step} />
      {runs.map(({ id, runId, operation }) => (
        <input key={runId} type="hidden" name="run" value={JSON.stringify([id, runId, operation])} />
      ))}
      <Reason id="reason" />
      <div class="buttons">
        {choices.map((choice) => (
          <button key={choice} type="submit" formaction={`/cause/${choice}`} class={looks[choice]}>
            {choiceWords[choice][0]} all {runs.length}
          </button>
        ))}
      </div>
      <p class="quiet small">
        {choices.map((choice) => choiceWords[choice].join(' ')).join('; ')}. A run that has ended, or waits for another
        reason by then, is left alone. Runs that are blocked only later are not decided for.
        {hasMore && ` There are more than ${MOST_DECIDED}: decide for these first.`}
      </p>
    </form>
  );
}

function Chosen({ runs }: Pick<CauseReading, 'runs'>): VNode {
  const rest = runs.slice(MOST_SHOWN);
  const line = (run: NamedLine) => ({ ...lineOf(run), about: undefined });
  return (
    <section class="card list chosen">
      <h2>{runs.length === 1 ? 'This run' : `These ${runs.length} runs`}</h2>
      <Runs of={runs.slice(0, MOST_SHOWN).map(line)} />
      {rest.length > 0 && (
        <details>
          <summary>and {rest.length} more</summary>
          <Runs of={rest.map(line)} />
        </details>
      )}
    </section>
  );
}

interface DecidingProps {
  choice: ChoiceForAll;
  cause: Cause;
  reason: string;
  count: number;
  /** Where the outcomes come. */
  outcomes: string;
}

/** What becomes of each run, as it is decided for. */
export function DecidingView({ choice, cause, reason, count, outcomes }: DecidingProps): VNode {
  return (
    <>
      <p class="back">
        <a href="/">← Board</a>
      </p>
      <h1>
        {choiceWords[choice][0]}: {count === 1 ? '1 run' : `${count} runs`}
      </h1>
      <p class="quiet">
        Blocked at <b>{inWords(cause.step)}</b> · <code>{cause.type}</code> · “{reason}”
      </p>
      <ol class="card list outcomes">{outcomes}</ol>
    </>
  );
}

const outcomeWords: Readonly<Record<OutcomeOfRun['outcome'], readonly [words: string, tone: string]>> = {
  decided: ['decided', 'good'],
  refused: ['refused', 'danger'],
  ended: ['ended meanwhile', 'calm'],
  changed: ['changed meanwhile', 'calm'],
  unknown: ['not answered', 'warn'],
  notAsked: ['not decided', 'warn'],
};

/** What has become of one run. */
export function OutcomeLine({ id, subject, outcome, message }: OutcomeOfRun & { subject: string }): VNode {
  const [words, tone] = outcomeWords[outcome];
  return (
    <li>
      <a href={pathOfRun(id)}>{subject}</a>
      <span class="quiet">
        <Text of={message} />
      </span>
      <span class={`state ${tone}`}>{words}</span>
    </li>
  );
}

/** What has become of all, once the last is decided for. */
export function OutcomesEnd({ counts, cause }: { counts: ReadonlyMap<string, number>; cause: Cause }): VNode {
  const all = Object.entries(outcomeWords).flatMap(([outcome, [words]]) => {
    const count = counts.get(outcome);
    return count === undefined ? [] : [`${count} ${words}`];
  });
  const isAll = counts.size === 1 && counts.has('decided');
  const asks = (['refused', 'changed', 'unknown', 'notAsked'] as const).some((outcome) => counts.has(outcome));
  return (
    <Notice tone={asks ? 'warn' : isAll ? 'good' : 'calm'} title={`Done: ${all.join(', ')}`}>
      <p class="quiet">
        {asks ? 'Open a run to see why. ' : ''}
        {counts.has('unknown') &&
          'A run that has not answered may have taken the decision all the same: look at it first. '}
        The decision is kept with each run.
      </p>
      <div class="buttons">
        <a class="button" href="/">
          Back to the board
        </a>
        <a class="button second" href={pathOfCause(cause)}>
          What waits for this cause now
        </a>
      </div>
    </Notice>
  );
}
