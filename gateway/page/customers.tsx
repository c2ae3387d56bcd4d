import type { VNode } from 'preact';
import type { ListedCustomer } from '../../client/customer-list.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { State, Time } from './pieces.js';
import { pathOfCustomer } from './words.js';

interface CustomersProps {
  customers: readonly ListedCustomer[];
  search: string;
  hasMore: boolean;
}

const needsPerson = (customer: ListedCustomer) => customer.state === 'blocked';

/** The customers whom billing and CRM systems have spoken of: those that need a person first. */
export function CustomersView({ customers, search, hasMore }: CustomersProps): VNode {
  const groups = [
    ['Needs a person', customers.filter(needsPerson)],
    ['All others', customers.filter((customer) => !needsPerson(customer))],
  ] as const;
  return (
    <>
      <h1>Customers</h1>
      <form class="find" action="/customers" role="search" aria-label="Customers">
        <input
          type="search"
          name="search"
          value={search}
          aria-label="Search customers"
          placeholder="Reference, tenant id or source/subscription"
        />
      </form>
      {customers.length === 0 && <Nobody search={search} />}
      {groups.map(
        ([title, some]) =>
          some.length > 0 && (
            <section key={title} class="part">
              <h2>
                {title} <span class={`count ${title === 'Needs a person' ? 'danger' : ''}`}>{some.length}</span>
              </h2>
              <div class="card list">
                <ul class="runs">
                  {some.map((customer) => (
                    <CustomerLine key={customer.id} of={customer} />
                  ))}
                </ul>
              </div>
            </section>
          ),
      )}
      {hasMore && <p class="quiet">There are more. Search for the one you want.</p>}
    </>
  );
}

/** A customer of a list; a link where its reference is known. */
export function CustomerLine({ of: { ref, cloud, state, tenantId, since } }: { of: ListedCustomer }): VNode {
  const what = (
    <>
      <span class="name">
        <strong>{ref ?? 'An e-mail address'}</strong> {cloud !== DEFAULT_CLOUD && <span class="quiet">in {cloud}</span>}
      </span>
      <span class="about quiet small">{tenantId}</span>
      <span class="when quiet">
        since <Time at={since} />
      </span>
      <State of={state} />
    </>
  );
  // without a reference there is no address; whoever knows it can search for it
  return (
    <li>{ref === undefined ? <span class="line">{what}</span> : <a href={pathOfCustomer(ref, cloud)}>{what}</a>}</li>
  );
}

function Nobody({ search }: { search: string }): VNode {
  if (search !== '') return <p class="card quiet">Nobody fits “{search}”.</p>;
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
