import type { VNode } from 'preact';
import type { Note } from '../../contract/note.js';
import { hasEnded, type OperationStatus, type StepState } from '../../contract/status.js';
import { viewOf, type LinkedText, type StatusView, type StepView } from '../../contract/view.js';
import { Deciding, Stopping, type Refused } from './deciding.js';
import { MilestonesOfRun } from './milestones.js';
import { Head, Notice, Text } from './pieces.js';
import type { Session } from './sessions.js';
import { inWords, pathOfRun, whoMustActWords } from './words.js';

/** A run, and what people call what it is about. */
export interface NamedRun {
  status: OperationStatus;
  subject: string;
}

interface RunProps extends NamedRun {
  session: Session;
  /** A decision that was refused just now. */
  refused?: Refused | undefined;
}

/** One run: what it needs, its steps, and what people have decided. */
export function RunView({ status, subject, session, refused }: RunProps): VNode {
  const view = viewOf(status);
  const isOpen = !hasEnded(status);
  return (
    <>
      <Head
        back={['/', 'Board']}
        kind={inWords(status.operation)}
        title={subject}
        state={status.state}
        headline={view.headline}
      />
      <div class="columns">
        <div>
          <Asks status={status} view={view} session={session} refused={refused} />
          <MilestonesOfRun status={status} session={session} />
          <Leftovers of={view.leftovers} />
          <Notes of={[...view.results, ...view.grace]} />
          <Steps of={view.steps} />
        </div>
        <aside>
          <Facts status={status} view={view} />
          {view.decisions.length > 0 && <Said title="Decisions" of={view.decisions} />}
          {view.dropped.length > 0 && <Said title="Dropped" of={view.dropped} />}
          {isOpen && status.state !== 'undoing' && <Stopping id={status.id} session={session} refused={refused} />}
        </aside>
      </div>
    </>
  );
}

type AsksProps = Omit<RunProps, 'subject'> & { view: StatusView };

/** Why it does not go on, who must act, and the decisions. */
function Asks({ status, view, session, refused }: AsksProps): VNode | null {
  const { about, waiting, whoMustAct } = view;
  if (about === undefined) return null;
  const tones = { operator: 'danger', vendor: 'warn', nobody: 'calm' } as const;
  return (
    <Notice tone={status.state === 'failed' ? 'danger' : tones[whoMustAct]} title={whoMustActWords[whoMustAct]}>
      <p class="why">
        <Text of={about} />
      </p>
      {waiting !== undefined && (
        <p class="quiet">
          <Text of={waiting.text} />
          {waiting.actions.length > 0 && ':'}
        </p>
      )}
      {status.state === 'blocked' ? (
        <Deciding status={status} session={session} refused={refused} />
      ) : (
        <Ahead status={status} />
      )}
    </Notice>
  );
}

function Ahead({ status }: { status: OperationStatus }): VNode | null {
  const ahead = status.state === 'running' ? (status.waitsForBlocked?.id ?? status.waitsFor) : undefined;
  if (ahead === undefined) return null;
  return (
    <p>
      <a class="button" href={pathOfRun(ahead)}>
        Open the run it waits for
      </a>
    </p>
  );
}

const stepWords: Readonly<Record<StepState, string>> = {
  pending: 'not begun',
  running: 'running',
  done: 'done',
  adopted: 'found and used',
  skipped: 'skipped',
  failed: 'failed',
  undone: 'undone',
};

function Steps({ of }: { of: readonly StepView[] }): VNode {
  return (
    <section class="card">
      <h2>Steps</h2>
      {of.length === 0 && <p class="quiet">No step has begun.</p>}
      <ol class="steps">
        {of.map(({ name, state, sign, text, error }) => (
          <li key={name} class={state}>
            <span class="sign" aria-hidden="true">
              {sign}
            </span>
            <span>
              <strong>{name}</strong>
              <span class="quiet">{text.slice(name.length)}</span>
              <span class="hidden"> ({stepWords[state]})</span>
              {error !== undefined && <span class="error">{error}</span>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Facts({ status: { id, externalRef }, view }: { status: OperationStatus; view: StatusView }): VNode {
  return (
    <section class="card facts">
      <h2>About this run</h2>
      <dl>
        <dt>Id</dt>
        <dd>
          <code>{id}</code>
        </dd>
        {externalRef !== undefined && (
          <>
            <dt>Your reference</dt>
            <dd>{externalRef}</dd>
          </>
        )}
      </dl>
      <ul>
        {view.facts.map((fact) => (
          <li key={fact}>
            <Text of={fact} />
          </li>
        ))}
        <li>
          <a href={`${pathOfRun(id)}/input`}>Its input</a>
        </li>
      </ul>
    </section>
  );
}

function Notes({ of }: { of: readonly Note[] }): VNode | null {
  if (of.length === 0) return null;
  return (
    <section class="card">
      <h2>Result</h2>
      <ul>
        {of.map(({ text, details, actions }) => (
          <li key={text}>
            <Text of={text} />
            {details.map((detail) => (
              <p key={detail} class="quiet">
                <Text of={detail} />
              </p>
            ))}
            {actions.map(({ command }) => (
              <p key={command}>
                <code>{command}</code>
              </p>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Leftovers({ of }: { of: readonly LinkedText[] }): VNode | null {
  if (of.length === 0) return null;
  return (
    <Notice tone="danger" title="Remove this by hand">
      <ul>
        {of.map(({ text, link }) => (
          <li key={text}>
            {text}{' '}
            {link !== undefined && (
              <a href={link} rel="noreferrer">
                Open its console
              </a>
            )}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Said({ title, of }: { title: string; of: readonly string[] }): VNode {
  return (
    <section class="card">
      <h2>{title}</h2>
      <ul>
        {of.map((one) => (
          <li key={one}>
            <Text of={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}
