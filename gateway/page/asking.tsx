import type { VNode } from 'preact';
import { ADMINISTRATOR, customerRequests, type CustomerRequestName } from '../../contract/customer-requests.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { askedFields, existingTenantIds } from '../../contract/customer-questions.js';
import { requests } from '../api/customers.js';
import { mayDo, Reason, type Refused } from './deciding.js';
import { Hidden } from './pieces.js';
import type { Session } from './sessions.js';
import { inWords, pathOfCustomer } from './words.js';

interface AskingProps {
  status: CustomerStatus;
  session: Session;
  refused?: Refused | undefined;
}

/** What a request needs besides the reason. */
const extras: Readonly<Partial<Record<CustomerRequestName, readonly (readonly [name: string, label: string])[]>>> = {
  pause: [['until', 'Until (such as 2026-12-31T00:00:00Z); without it until “resume”']],
  hold: [['until', 'Until (such as 2026-12-31T00:00:00Z); without it until “resume”']],
  adopt: [['tenantId', 'Tenant id']],
  converge: [['fields', 'Fields to set, separated by commas']],
  move: [
    ['subscription', 'Subscription, as source/id'],
    ['to', 'Reference of the customer that gets it'],
  ],
};

/** Requests that make no sense now are not offered; the customer refuses them, too. */
function isOffered(name: CustomerRequestName, { observed, paused, held, state, tenantId }: CustomerStatus): boolean {
  switch (name) {
    case 'act':
      return observed === true;
    case 'resume':
      return paused !== undefined || held !== undefined;
    case 'pause':
      return paused === undefined;
    case 'hold':
      return held === undefined;
    case 'offboard':
      return state === 'suspended' || state === 'blocked';
    case 'adopt':
      return tenantId === undefined;
    case 'release':
      return tenantId !== undefined;
    case 'converge':
    case 'move':
      return true;
  }
}

/** The tenant that may be the customer already, where there is one. */
function onlyExisting(status: CustomerStatus): string | undefined {
  const ids = existingTenantIds(status);
  return ids.length === 1 ? ids[0] : undefined;
}

/** What a person is asked about the customer: a box for each yes. */
function Questions({ status }: { status: CustomerStatus }): VNode {
  const questions = [
    ...askedFields(status).map((field) => ['fields', field, `Yes to ${field}`] as const),
    ...(existingTenantIds(status).length === 0
      ? []
      : [['create', 'true', 'Create a tenant although one like it exists'] as const]),
  ].filter(([, field]) => field !== ADMINISTRATOR);
  return (
    <>
      {questions.map(([name, value, label]) => (
        <p key={value} class="check">
          <input id={`converge-${value}`} name={name} type="checkbox" value={value} />{' '}
          <label for={`converge-${value}`}>{label}</label>
        </p>
      ))}
    </>
  );
}

/** What a person can ask of a customer. */
export function Asking({ status, session, refused }: AskingProps): VNode {
  const offered = customerRequests.filter((name) => isOffered(name, status) && mayDo(session, requests[name].role));
  return (
    <section class="card asking">
      <h2>What you can do</h2>
      {offered.length === 0 && <p class="quiet">Your key may only look.</p>}
      {offered.map((name) => (
        <details key={name} {...(refused?.choice === name && { open: true })}>
          <summary>{inWords(name)}</summary>
          <form method="post" action={pathOfCustomer(status.ref, status.cloud, name)}>
            <p class="quiet small">{requests[name].summary}.</p>
            <Hidden token={session.formToken} />
            {name === 'converge' && <Questions status={status} />}
            {(extras[name] ?? []).map(([field, label]) => (
              <p key={field} class="field">
                <label for={`${name}-${field}`}>{label}</label>
                <input
                  id={`${name}-${field}`}
                  name={field}
                  type="text"
                  autocomplete="off"
                  value={field === 'tenantId' ? onlyExisting(status) : undefined}
                />
              </p>
            ))}
            <Reason id={`${name}-reason`} refused={refused?.choice === name ? refused : undefined} />
            <button type="submit" class={name === 'release' || name === 'offboard' ? 'grave' : ''}>
              {inWords(name)}
            </button>
          </form>
        </details>
      ))}
    </section>
  );
}
