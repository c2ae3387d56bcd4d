import type { VNode } from 'preact';
import { customerViewOf, type CustomerLine, type CustomerView } from '../../contract/customer-view.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { Asking } from './asking.js';
import type { Refused } from './deciding.js';
import { MilestonesOf } from './milestones.js';
import { Head, Notice, State, Text, Time } from './pieces.js';
import type { Session } from './sessions.js';
import { inWords, pathOfLookUp, pathOfRun } from './words.js';

interface CustomerProps {
  status: CustomerStatus;
  session: Session;
  refused?: Refused | undefined;
}

/** One customer: what is sold, what its tenant should be and has, what happens next, and what people can ask. */
export function CustomerPage({ status, session, refused }: CustomerProps): VNode {
  const view = customerViewOf(status);
  const lines = [...view.doing, ...view.following];
  return (
    <>
      <Head
        back={['/customers', 'Customers']}
        kind={status.wanted.name === undefined ? 'Customer' : status.ref}
        title={status.wanted.name ?? status.ref}
        state={status.state}
        headline={view.headline}
      />
      {status.observed === true && (
        <Notice tone="warn" title="Only observed">
          <p>What would be done is shown, and nothing is started, until somebody says “act”.</p>
        </Notice>
      )}
      <div class="columns">
        <div>
          <Asks of={lines.filter(({ asks }) => asks)} />
          <MilestonesOf status={status} session={session} />
          <Compared status={status} view={view} rest={lines.filter(({ asks }) => !asks)} />
          <Sold view={view} />
          <Story status={status} />
        </div>
        <aside>
          <Asking status={status} session={session} refused={refused} />
        </aside>
      </div>
    </>
  );
}

/** The same is said once: what blocks a customer is also what it has not done. */
function Asks({ of }: { of: readonly CustomerLine[] }): VNode | null {
  if (of.length === 0) return null;
  const what = ({ text }: CustomerLine) => text.slice(text.indexOf(': ') + 2);
  const once = of.filter((one, at) => of.findIndex((other) => what(other) === what(one)) === at);
  return (
    <Notice tone="danger" title="A person must act">
      <Lines of={once} />
    </Notice>
  );
}

function Lines({ of }: { of: readonly CustomerLine[] }): VNode {
  return (
    <ul>
      {of.map(({ text, details, run }) => (
        <li key={text}>
          <Text of={text} />
          {run === undefined ? (
            details.map((detail) => (
              <p key={detail} class="quiet small">
                <Text of={detail} />
              </p>
            ))
          ) : (
            <p>
              <a href={pathOfRun(run)}>Open the run</a>
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

interface ComparedProps {
  status: CustomerStatus;
  view: CustomerView;
  rest: readonly CustomerLine[];
}

function Compared({ status: { tenantId }, view: { wanted, applied }, rest }: ComparedProps): VNode {
  return (
    <section class="card facts">
      <h2>Its tenant</h2>
      <dl>
        <dt>Should be</dt>
        <dd>{wanted}</dd>
        <dt>Is, as far as Tenantry knows</dt>
        <dd>{applied ?? 'nothing has been applied yet'}</dd>
        {tenantId !== undefined && (
          <>
            <dt>Tenant</dt>
            <dd>
              <code>{tenantId}</code>
            </dd>
            <dt>Look up</dt>
            <dd>
              {(['usage', 'users', 'agents'] as const).map((name) => (
                <span key={name}>
                  <a href={pathOfLookUp(name, tenantId)}>its {name}</a>{' '}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      {rest.length > 0 && <Lines of={rest} />}
    </section>
  );
}

function Sold({ view: { subscriptions, unread } }: { view: CustomerView }): VNode {
  return (
    <section class="card">
      <h2>Sold</h2>
      {subscriptions.length === 0 && <p class="quiet">Nothing that counts.</p>}
      <Lines of={subscriptions} />
      {unread !== undefined && <p class="problem">{unread}</p>}
    </section>
  );
}

const SHOWN = 20;

/** Runs and events, the newest first. */
function Story({ status: { runs, events } }: { status: CustomerStatus }): VNode {
  return (
    <section class="card">
      <h2>What happened</h2>
      {runs.length + events.length === 0 && <p class="quiet">Nothing yet.</p>}
      <ul>
        {[...runs]
          .toReversed()
          .slice(0, SHOWN)
          .map(({ id, operation, state }) => (
            <li key={id}>
              <a href={pathOfRun(id)}>{inWords(operation)}</a> <State of={state} />
            </li>
          ))}
        {[...events]
          .toReversed()
          .slice(0, SHOWN)
          .map(({ source, id, type, at, outcome }) => (
            <li key={`${source} ${id}`} class="small">
              <Time at={at} /> {source} {type}: {outcome} <code class="quiet">{id}</code>
            </li>
          ))}
      </ul>
    </section>
  );
}
