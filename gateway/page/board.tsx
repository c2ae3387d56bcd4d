import type { ComponentChildren, VNode } from 'preact';
import { MOST_OPEN } from '../../client/board.js';
import { rolloutCommands } from '../../contract/commands.js';
import type { Cause, ExplainedBoard } from './causes.js';
import { CustomerLines } from './customers.js';
import { mayDo } from './deciding.js';
import { Notice, Runs, Text, type RunLine } from './pieces.js';
import type { NamedLine } from './subjects.js';
import type { Session } from './sessions.js';
import { inWords, pathOfCause } from './words.js';

/** The first screen: who needs a person, then what goes on, then the rest. */
export function BoardView({ session, ...board }: ExplainedBoard & { session: Session }): VNode {
  const { open, hasMore, closed, leftovers, causes, customers, rollouts, workers } = board;
  const mayDecide = mayDo(session, 'decide');
  const asks = { leftovers, customers, rollouts, mayDecide, causes: causes.filter(({ who }) => who !== 'vendor') };
  const away = causes.filter(({ who }) => who === 'vendor');
  const going = open.filter(({ state }) => state !== 'blocked');
  const isEmpty = open.length + closed.length + customers.length + rollouts.length === 0;
  return (
    <>
      <h1 class="hidden">Board</h1>
      {workers === 0 && <NoWorker />}
      {isEmpty ? <Nothing /> : <Asking {...asks} />}
      {away.length > 0 && (
        <Section title="Waiting for the cloud" note="These go on by themselves when the cloud answers again.">
          {away.map((cause) => (
            <CauseCard key={`${cause.type} ${cause.step}`} cause={cause} tone="warn" />
          ))}
        </Section>
      )}
      {going.length > 0 && (
        <Section title="Running" count={going.length}>
          <div class="card list">
            <Runs of={going.map(lineOf)} />
          </div>
          {hasMore && <p class="quiet">There are more than {MOST_OPEN} open runs. Search for the one you want.</p>}
        </Section>
      )}
      {closed.length > 0 && (
        <Section title="Ended last">
          <div class="card list">
            <Runs of={closed.map(lineOf)} />
          </div>
        </Section>
      )}
    </>
  );
}

type AskingProps = Pick<ExplainedBoard, 'causes' | 'leftovers' | 'customers' | 'rollouts'> & { mayDecide: boolean };

function Asking({ causes, leftovers, customers, rollouts, mayDecide }: AskingProps): VNode {
  const others = leftovers.length + customers.length + rollouts.length;
  const count = causes.reduce((sum, { runs }) => sum + runs.length, 0) + others;
  if (count === 0)
    return (
      <section class="all-well card">
        <h2>Nobody needs you</h2>
        <p class="quiet">No run, customer or rollout waits for a decision, and nothing is left over.</p>
      </section>
    );
  return (
    <Section title="Needs a person" count={count} tone="danger">
      {causes.map((cause) => (
        <CauseCard key={`${cause.type} ${cause.step}`} cause={cause} tone="danger" mayDecide={mayDecide} />
      ))}
      {customers.length > 0 && (
        <article class="card cause danger">
          <h3>
            {customers.length === 1 ? 'A customer does' : `${customers.length} customers do`} not go on without a person
          </h3>
          <p class="quiet">Open the customer: it says why, and what you can do.</p>
          <CustomerLines of={customers} />
        </article>
      )}
      {rollouts.map((id) => (
        <RolloutCard key={id} id={id} />
      ))}
      {leftovers.length > 0 && (
        <article class="card cause danger">
          <h3>Something is left over, and must be removed by hand</h3>
          <p class="quiet">Open the run: it names each thing, with a link to its console.</p>
          <Runs of={leftovers.map(lineOf)} />
        </article>
      )}
    </Section>
  );
}

function RolloutCard({ id }: { id: string }): VNode {
  return (
    <article class="card cause danger">
      <h3>
        <code>{id}</code> waits for a decision
      </h3>
      <p class="quiet">Too many of its customers have failed, or one of the first. At the command line:</p>
      <ul>
        {rolloutCommands(id).map((command) => (
          <li key={command}>
            <code>{command}</code>
          </li>
        ))}
      </ul>
    </article>
  );
}

interface CauseProps {
  cause: Cause;
  tone: string;
  mayDecide?: boolean;
}

function CauseCard({ cause, tone, mayDecide = false }: CauseProps): VNode {
  const { type, step, message, runs } = cause;
  return (
    <article class={`card cause ${tone}`}>
      <h3>{message === undefined ? inWords(type.split('.').at(-1) ?? type) : <Text of={message} />}</h3>
      <p class="quiet">
        {tone === 'danger' && <>Open a run to decide. </>}
        Blocked at <b>{inWords(step)}</b> · <code>{type}</code>
      </p>
      {mayDecide && runs.length > 1 && (
        <p>
          <a class="button second" href={pathOfCause(cause)}>
            Decide for all {runs.length}…
          </a>
        </p>
      )}
      <Runs of={runs.map((run) => ({ ...lineOf(run), about: undefined }))} />
    </article>
  );
}

function NoWorker(): VNode {
  return (
    <Notice tone="warn" title="No worker is running">
      <p>
        Nothing goes on until one starts: <code>tenantry worker</code>. Nothing is lost; runs go on where they are.
      </p>
    </Notice>
  );
}

function Nothing(): VNode {
  return (
    <section class="all-well card">
      <h2>Nothing has happened yet</h2>
      <p class="quiet">Runs appear here by themselves as soon as there are some.</p>
      <p>
        <a class="button" href="/start">
          Start an operation
        </a>
      </p>
    </section>
  );
}

interface SectionProps {
  title: string;
  count?: number;
  note?: string;
  tone?: string;
  children: ComponentChildren;
}

function Section({ title, count, note, tone = '', children }: SectionProps): VNode {
  return (
    <section class="part">
      <h2>
        {title} {count !== undefined && <span class={`count ${tone}`}>{count}</span>}
      </h2>
      {note !== undefined && <p class="quiet">{note}</p>}
      {children}
    </section>
  );
}

/** A run of a list, as a line. */
export function lineOf({
  id,
  operation,
  state,
  step,
  waitsFor,
  unanswered,
  subject,
  startedAt,
  closedAt,
}: NamedLine): RunLine {
  const about =
    waitsFor === undefined ? (state === 'blocked' ? step && inWords(step) : undefined) : `waits for ${waitsFor}`;
  const since = closedAt === undefined ? (['since', startedAt] as const) : (['ended', closedAt] as const);
  return { id, operation, subject, state, about: unanswered ?? about, since };
}
