import type { ComponentChildren, VNode } from 'preact';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { Notice, Text } from './pieces.js';
import { keyOf, pathOfCustomer } from './words.js';

interface TopProps {
  title: string;
  /** What the screen shows, in one sentence. */
  about: string;
  /** Where the same is as CSV. */
  csv?: string | undefined;
  children?: ComponentChildren;
}

/** The top of a screen about all customers. */
export function Top({ title, about, csv, children }: TopProps): VNode {
  return (
    <header class="top">
      <div>
        <h1>{title}</h1>
        <p class="quiet">{about}</p>
      </div>
      {(children !== undefined || csv !== undefined) && (
        <div class="beside-title">
          {children}
          {csv !== undefined && (
            <a class="small" href={csv}>
              Download as CSV
            </a>
          )}
        </div>
      )}
    </header>
  );
}

interface ChoicesProps {
  name: string;
  /** The address of each, and what it says. */
  of: readonly (readonly [path: string, label: string])[];
  chosen: string;
}

/** Links of which one is chosen. */
export function Choices({ name, of, chosen }: ChoicesProps): VNode {
  return (
    <nav class="choices" aria-label={name}>
      {of.map(([path, label]) => (
        <a key={path} href={path} {...(label === chosen && { 'aria-current': 'true' })}>
          {label}
        </a>
      ))}
    </nav>
  );
}

/** What is not in an answer, and why. */
export function Missing({ of }: { of: readonly string[] }): VNode | null {
  if (of.length === 0) return null;
  return (
    <Notice tone="warn" title="Something is missing here">
      <ul>
        {of.map((sentence) => (
          <li key={sentence}>
            <Text of={sentence} />
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Shown while those who know are asked. */
export function Waiting({ what, again, id }: { what: string; again: string; id?: string }): VNode {
  return (
    <section class="card waiting" {...(id !== undefined && { id })}>
      <p role="status">{what}</p>
      <p class="quiet small">
        It appears here by itself. Without a script, <a href={again}>look again</a>.
      </p>
    </section>
  );
}

/** When there is nothing, and that is good. */
export function AllWell({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <section class="all-well card">
      <h2>{title}</h2>
      <p class="quiet">{children}</p>
    </section>
  );
}

interface Subject {
  ref?: string | undefined;
  cloud?: string | undefined;
  tenantId?: string | undefined;
  run?: string | undefined;
  name?: string | undefined;
}

/** Whom something is about; a customer is a link. A run may know a reference that no customer has. */
export function About({ of: { ref, cloud, tenantId, run, name } }: { of: Subject }): VNode {
  const path = ref === undefined || cloud === undefined ? undefined : pathOfCustomer(ref, cloud);
  const title = name ?? ref;
  return (
    <>
      {title === undefined && <code>{tenantId ?? (run === undefined ? '' : runKey(run))}</code>}
      {title !== undefined && (path === undefined ? <strong>{title}</strong> : <a href={path}>{title}</a>)}
      {name !== undefined && ref !== undefined && name !== ref && <span class="quiet small"> {ref}</span>}
      {cloud !== undefined && cloud !== DEFAULT_CLOUD && <span class="quiet small"> in {cloud}</span>}
    </>
  );
}

function runKey(id: string): string {
  return keyOf({ id, operation: id.split(':')[0]! });
}

/** A text as the beginning of a sentence. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
