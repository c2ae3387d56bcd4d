import type { VNode } from 'preact';
import type { CalendarItem } from '../../client/overview/calendar.js';
import { calendarWords } from '../../client/overview/words.js';
import { actionOn, customerAction } from '../../contract/commands.js';
import { requests } from '../api/customers.js';
import { mayDo, Reason, type Refused } from './deciding.js';
import { About, AllWell, sentence } from './overview-pieces.js';
import { Hidden, Text, Time } from './pieces.js';
import type { Session } from './sessions.js';
import { pathOfCustomer, pathOfRun } from './words.js';

/** Something that comes, and what people call whom it is about. */
export interface ComingItem extends CalendarItem {
  name?: string;
}

interface ComingProps {
  items: readonly ComingItem[];
  days: number;
  session: Session;
}

/** What time alone brings, soonest first. */
export function ComingView({ items, days, session }: ComingProps): VNode {
  if (items.length === 0)
    return (
      <AllWell title={`Nothing comes within ${days} days`}>
        No customer of your sources is suspended by then, no tenant is deleted, and none of their trials and
        subscriptions ends. The trials of tenants are among the look-ups.
      </AllWell>
    );
  const asked = new Map<string, number>();
  return (
    <ul class="coming">
      {items.map((item) => {
        const path = pathOfHold(item);
        // a customer can be there more than once, and each form has its own ids
        const count = (asked.get(path ?? '') ?? 0) + 1;
        if (path !== undefined) asked.set(path, count);
        return (
          <li key={`${item.what} ${path ?? item.ref} ${count}`} class={`card ${tones[item.what]}`}>
            <One item={item} />
            {path !== undefined && mayDo(session, requests.hold.role) && (
              <details>
                <summary>Hold</summary>
                <HoldForm path={path} count={count} days={days} session={session} />
              </details>
            )}
          </li>
        );
      })}
    </ul>
  );
}

const tones: Readonly<Record<CalendarItem['what'], string>> = {
  suspend: 'warn',
  delete: 'danger',
  trialEnd: 'calm',
  end: 'calm',
  ask: 'calm',
};

function One({ item }: { item: ComingItem }): VNode {
  const { at, what, why, stopped, run, tenantId } = item;
  // the end of something is its own reason
  const isEnd = what === 'end' || what === 'trialEnd';
  return (
    <>
      <header>
        <h2>
          <About of={item} /> <span class="what">{calendarWords[what]}</span>
        </h2>
        <Time at={at} />
      </header>
      <p>
        {isEnd ? '' : 'Because '}
        <Text of={what === 'trialEnd' ? sentence(why) : why} />.
      </p>
      {stopped !== undefined && (
        <p>
          <b>Not now:</b> <Text of={stopped} />
        </p>
      )}
      <Stops of={item} />
      {run !== undefined && (
        <p class="small">
          <a href={pathOfRun(run)}>Open the run</a>{' '}
          {(item.name ?? item.ref) !== undefined && <code class="quiet">{tenantId}</code>}
        </p>
      )}
    </>
  );
}

/** What the page itself can do needs no command. */
function Stops({ of: item }: { of: CalendarItem }): VNode | null {
  const { stops } = item;
  if (stops.length === 0) return null;
  return (
    <div class="stops small quiet">
      <p>Stopped when</p>
      <ul>
        {stops.map(({ what, command }) => (
          <li key={what}>
            {what}
            {command !== undefined && command !== holdCommand(item) && (
              <>
                : <code>{command}</code>
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where this can be held; undefined where a hold would stop nothing. */
function pathOfHold(item: CalendarItem): string | undefined {
  const command = holdCommand(item);
  if (command === undefined || !item.stops.some((stop) => stop.command === command)) return undefined;
  const { run, ref, cloud } = item;
  return `/coming${run === undefined ? pathOfCustomer(ref!, cloud, 'hold') : `${pathOfRun(run)}/hold`}`;
}

function holdCommand({ run, ref, cloud }: CalendarItem): string | undefined {
  if (run !== undefined) return actionOn(run, 'hold').command;
  return ref === undefined || cloud === undefined ? undefined : customerAction({ customer: ref, cloud }, 'hold');
}

/** A hold that was refused, with what the person had typed. */
export interface RefusedHold extends Refused {
  until: string;
}

interface HoldProps {
  path: string;
  /** Tells the forms of one customer apart. */
  count?: number;
  days: number;
  session: Session;
  refused?: RefusedHold | undefined;
}

/** The form that holds a customer, or the deletion of a run. */
export function HoldForm({ path, count = 1, days, session, refused }: HoldProps): VNode {
  const isRun = path.startsWith('/coming/runs/');
  const id = `${path.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${count}`;
  return (
    <form method="post" action={path}>
      <p class="quiet small">
        {isRun
          ? 'The grace stands still, and the tenant is not deleted, until somebody releases the run.'
          : `${requests.hold.summary}.`}
      </p>
      <Hidden token={session.formToken} />
      <input type="hidden" name="days" value={String(days)} />
      {!isRun && (
        <p class="field">
          <label for={`until${id}`}>
            Until <span class="quiet small">optional, such as 2026-12-31T00:00:00Z</span>
          </label>
          <input id={`until${id}`} name="until" type="text" autocomplete="off" value={refused?.until ?? ''} />
        </p>
      )}
      <Reason id={`reason${id}`} refused={refused} />
      <div class="buttons">
        <button type="submit">Hold</button>
      </div>
    </form>
  );
}
