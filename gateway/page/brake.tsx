import type { VNode } from 'preact';
import type { BrakeStatus, WaitingIntent } from '../../contract/brake.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { mayDo, Reason, type Refused } from './deciding.js';
import { Hidden, Notice, Text, Time } from './pieces.js';
import type { Session } from './sessions.js';
import { inWords, pathOfBrake, pathOfCustomer } from './words.js';

const SHOWN_DECISIONS = 10;

export interface BrakeReading {
  cloud: string;
  /** The clouds that have a brake. */
  clouds: readonly string[];
  /** Absent while no customer has asked the brake anything. */
  status?: BrakeStatus;
}

interface BrakeProps extends BrakeReading {
  session: Session;
  refused?: Refused | undefined;
}

/** The brake of one cloud: whether it is engaged, what waits for a person, and what can be decided. */
export function BrakeView({ cloud, clouds, status, session, refused }: BrakeProps): VNode {
  const { engaged, waiting = [] } = status ?? {};
  return (
    <>
      <p class="back">
        <a href="/customers">← Customers</a>
      </p>
      <h1>The brake{cloud === DEFAULT_CLOUD ? '' : ` of ${cloud}`}</h1>
      <p class="quiet">
        It limits how much customers lose at a time: only what is above the limits waits for a person.
      </p>
      <OtherClouds cloud={cloud} clouds={clouds} />
      <div class="columns">
        <div>
          <State engaged={engaged} isKnown={status !== undefined} />
          {waiting.length > 0 && <WaitingForm status={status!} session={session} refused={refused} />}
          {waiting.length === 0 && engaged !== undefined && (
            <ReleaseAll cloud={cloud} session={session} refused={refused} />
          )}
        </div>
        <aside>
          {status !== undefined && <Counts status={status} />}
          {status !== undefined && status.decisions.length > 0 && <Decisions status={status} />}
          {engaged === undefined && <Engage cloud={cloud} session={session} refused={refused} />}
        </aside>
      </div>
    </>
  );
}

function OtherClouds({ cloud, clouds }: Pick<BrakeReading, 'cloud' | 'clouds'>): VNode | null {
  const others = clouds.filter((one) => one !== cloud);
  if (others.length === 0) return null;
  return (
    <p>
      Other clouds:{' '}
      {others.map((one, at) => (
        <>
          {at > 0 && ', '}
          <a href={pathOfBrake(one)}>{one}</a>
        </>
      ))}
    </p>
  );
}

function State({ engaged, isKnown }: { engaged: BrakeStatus['engaged'] | undefined; isKnown: boolean }): VNode {
  if (!isKnown)
    return (
      <Notice tone="calm" title="Not used yet">
        <p>No customer of this cloud has asked the brake yet.</p>
      </Notice>
    );
  if (engaged === undefined)
    return (
      <Notice tone="good" title="Not engaged">
        <p>What customers lose is within the limits, and is done without a person.</p>
      </Notice>
    );
  return (
    <Notice tone="danger" title="Engaged">
      <p class="why">
        Since <Time at={engaged.since} />: <Text of={engaged.why} />
      </p>
      <p class="quiet">
        Do these customers really leave? If their source is wrong, repair it: a customer whose source says that it stays
        goes away from the list. Everything else goes on: customers get more, are enabled and created.
      </p>
    </Notice>
  );
}

type FormProps = { session: Session; refused: Refused | undefined };

/** What waits, each with a box to choose it, and the decisions. */
function WaitingForm({ status, session, refused }: FormProps & { status: BrakeStatus }): VNode {
  const { cloud, waiting, moreWait, engaged } = status;
  const may = mayDo(session, 'decide');
  return (
    <form class="card brake" method="post" action="/brake/release">
      <h2>
        Waiting <span class="count danger">{waiting.length}</span>
      </h2>
      <Hidden token={session.formToken} />
      <input type="hidden" name="cloud" value={cloud} />
      <ul class="intents">
        {waiting.map((one) => (
          <Waiting key={`${one.ref} ${one.kind}`} of={one} cloud={cloud} may={may} />
        ))}
      </ul>
      {moreWait && <p class="quiet">More wait than are listed here. They ask again later.</p>}
      {may ? (
        <Chosen count={waiting.length} isEngaged={engaged !== undefined} refused={refused} />
      ) : (
        <p class="quiet">Your key has the role “{session.key.role}”. Somebody whose key may decide must do it.</p>
      )}
    </form>
  );
}

interface ChosenProps {
  count: number;
  isEngaged: boolean;
  refused: Refused | undefined;
}

/** What a person can decide about the customers that are chosen, or about all. */
function Chosen({ count, isEngaged, refused }: ChosenProps): VNode {
  return (
    <>
      <Reason id="reason" refused={refused?.choice === 'engage' ? undefined : refused} />
      <div class="buttons">
        <button type="submit">Release the chosen</button>
        <button type="submit" class="second" formaction="/brake/drop">
          Drop the chosen
        </button>
        <button type="submit" class="grave" formaction="/brake/release-all">
          Release all {count}
          {isEngaged && ' and end the brake'}
        </button>
      </div>
      <p class="quiet small">
        Release: the customer works out again what it needs, and does it. Drop: it is not done. Release all also ends
        the brake, and what was granted before no longer counts.
      </p>
    </>
  );
}

function Waiting({ of, cloud, may }: { of: WaitingIntent; cloud: string; may: boolean }): VNode {
  const { ref, kind, what, why, since } = of;
  const id = `intent-${ref}-${kind}`;
  return (
    <li id={`${id}-line`}>
      {may && <input type="checkbox" id={id} name="ref" value={ref} />}
      <label for={id}>
        <b>{ref}</b> {inWords(what)}
      </label>
      <span class="quiet">
        <Text of={why} /> · waits since <Time at={since} />
      </span>
      <a href={pathOfCustomer(ref, cloud)} aria-label={`Open ${ref}`}>
        Open
      </a>
    </li>
  );
}

function ReleaseAll({ cloud, session, refused }: FormProps & { cloud: string }): VNode | null {
  if (!mayDo(session, 'decide')) return null;
  return (
    <form class="card decide" method="post" action="/brake/release-all">
      <p>Nothing waits. The brake stays engaged until a person ends it.</p>
      <Hidden token={session.formToken} />
      <input type="hidden" name="cloud" value={cloud} />
      <Reason id="reason" refused={refused} />
      <div class="buttons">
        <button type="submit">End the brake</button>
      </div>
    </form>
  );
}

function Engage({ cloud, session, refused }: FormProps & { cloud: string }): VNode | null {
  if (!mayDo(session, 'decide')) return null;
  const own = refused?.choice === 'engage' ? refused : undefined;
  return (
    <details class="card" {...(own && { open: true })}>
      <summary>Engage it now</summary>
      <form method="post" action="/brake/engage">
        <p class="quiet">From then on nothing is taken from a customer before a person releases it.</p>
        <Hidden token={session.formToken} />
        <input type="hidden" name="cloud" value={cloud} />
        <Reason id="engage-reason" refused={own} />
        <button type="submit" class="grave">
          Engage the brake
        </button>
      </form>
    </details>
  );
}

function Counts({ status: { counts, customers } }: { status: BrakeStatus }): VNode {
  const of = ({ granted, limit }: BrakeStatus['counts']['hour']) => `${granted} of ${limit}`;
  return (
    <section class="card facts">
      <h2>Granted without a person</h2>
      <dl>
        <dt>Within an hour</dt>
        <dd>{of(counts.hour)}</dd>
        <dt>Within a day</dt>
        <dd>{of(counts.day)}</dd>
        <dt>Creations within an hour</dt>
        <dd>{of(counts.creations)}</dd>
        <dt>Customers of the cloud</dt>
        <dd>{customers}</dd>
      </dl>
    </section>
  );
}

function Decisions({ status: { decisions } }: { status: BrakeStatus }): VNode {
  return (
    <section class="card">
      <h2>Decisions</h2>
      <ul>
        {decisions.slice(-SHOWN_DECISIONS).map(({ at, actor, choice, answered, reason }) => (
          <li key={`${at} ${choice}`}>
            <Time at={at} /> {actor} chose {choice}
            {choice === 'engage' ? '' : ` for ${answered}`}: {reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
