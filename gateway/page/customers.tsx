import type { VNode } from 'preact';
import type { ListedCustomer } from '../../client/customer-list.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import type { CustomerState } from '../../contract/customers.js';
import { Notice, State, Time } from './pieces.js';
import { pathOfCustomer } from './words.js';

interface CustomersProps {
  customers: readonly ListedCustomer[];
  search: string;
  /** Only those in this state are shown. */
  state: CustomerState | undefined;
  hasMore: boolean;
  /** Where nobody could search, and why. */
  missing?: readonly string[] | undefined;
}

const needsPerson = (customer: ListedCustomer) => customer.needsPerson === true;

/** The customers whom billing and CRM systems have spoken of: those that need a person first. */
export function CustomersView({ customers, search, state, hasMore, missing = [] }: CustomersProps): VNode {
  const groups = [
    ['Needs a person', customers.filter(needsPerson)],
    [state === undefined ? 'All others' : 'Customers', customers.filter((customer) => !needsPerson(customer))],
  ] as const;
  return (
    <>
      <h1>Customers</h1>
      {state !== undefined && (
        <p>
          Only those in the state <State of={state} />. <a href="/customers">Show all</a>
        </p>
      )}
      {state === 'observed' && <HowToAct />}
      <form class="find" action="/customers" role="search" aria-label="Customers">
        <input
          type="search"
          name="search"
          value={search}
          aria-label="Search customers"
          placeholder="Name, reference, tenant, subscription or login"
        />
      </form>
      <NotSearched missing={missing} />
      {customers.length === 0 && <Nobody search={search} state={state} />}
      {groups.map(([title, some]) => some.length > 0 && <Group key={title} title={title} customers={some} />)}
      {hasMore && <p class="quiet">There are more. Search for the one you want.</p>}
      <p class="quiet small">
        <a href="/brake">The brake</a> limits how much customers lose at a time.
      </p>
    </>
  );
}

function Group({ title, customers }: { title: string; customers: readonly ListedCustomer[] }): VNode {
  return (
    <section class="part">
      <h2>
        {title} <span class={`count ${title === 'Needs a person' ? 'danger' : ''}`}>{customers.length}</span>
      </h2>
      <div class="card list">
        <CustomerLines of={customers} />
      </div>
    </section>
  );
}

function HowToAct(): VNode {
  return (
    <Notice tone="warn" title="Nothing is done for these customers">
      <p>
        What is sold to them is read and shown, and nothing else. Open one: it says what would be done. “Act” ends the
        observation of one customer. For many at a time: <code>tenantry sources act SOURCE --all --reason "…"</code>.
      </p>
    </Notice>
  );
}

/** Where nobody could search, and why. */
export function NotSearched({ missing }: { missing: readonly string[] }): VNode | null {
  if (missing.length === 0) return null;
  return (
    <Notice tone="warn" title="Not everything could be searched">
      {missing.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  );
}

export function CustomerLines({ of }: { of: readonly ListedCustomer[] }): VNode {
  return (
    <ul class="runs">
      {of.map((customer) => (
        <CustomerLine key={customer.id} of={customer} />
      ))}
    </ul>
  );
}

/** A customer of a list; a link where its reference is known. */
function CustomerLine({ of: { ref, cloud, state, tenantId, name, since } }: { of: ListedCustomer }): VNode {
  const what = (
    <>
      <span class="name">
        <strong>{ref ?? 'An e-mail address'}</strong> {cloud !== DEFAULT_CLOUD && <span class="quiet">in {cloud}</span>}
      </span>
      <span class="about quiet small">{[name, tenantId].filter((one) => one !== undefined).join(' · ')}</span>
      <span class="when quiet">
        known since <Time at={since} />
      </span>
      <State of={state} />
    </>
  );
  // without a reference there is no address; whoever knows it can search for it
  return (
    <li>{ref === undefined ? <span class="line">{what}</span> : <a href={pathOfCustomer(ref, cloud)}>{what}</a>}</li>
  );
}

function Nobody({ search, state }: Pick<CustomersProps, 'search' | 'state'>): VNode {
  if (search !== '') return <p class="card quiet">Nobody fits “{search}”.</p>;
  if (state !== undefined) return <p class="card quiet">No customer is in this state.</p>;
  return (
    <section class="all-well card">
      <h2>No customers yet</h2>
      <p class="quiet">
        They appear when a billing or CRM system sends its first event. Operations that people start are on the{' '}
        <a href="/">board</a>.
      </p>
    </section>
  );
}
