import type { VNode } from 'preact';
import type { Choice } from '../../contract/decisions.js';
import type { OperationStatus } from '../../contract/status.js';
import { roles, type Role } from '../../settings/api-keys.js';
import { Problem } from '../api/problem.js';
import { Hidden, Notice } from './pieces.js';
import type { Session } from './sessions.js';
import { pathOfRun } from './words.js';

const LONGEST_REASON = 1000;

/** A decision that was refused, with what the person had typed. */
export interface Refused {
  choice: string;
  reason: string;
  message: string;
}

/** The least a person must know of each decision. */
const choiceWords: Readonly<Record<Choice, readonly [name: string, does: string]>> = {
  retry: ['Retry', 'tries the step again'],
  amend: ['Amend…', 'goes on with another input'],
  skip: ['Skip', 'goes on without this step'],
  abort: ['Abort', 'ends the run and undoes what it did'],
};

const looks = { retry: '', skip: 'second', abort: 'grave' } as const;

export function mayDo({ key }: Session, role: Role): boolean {
  return roles.indexOf(key.role) >= roles.indexOf(role);
}

interface Props {
  status: Extract<OperationStatus, { state: 'blocked' }>;
  session: Session;
  refused?: Refused | undefined;
}

/** The decisions for a blocked run. */
export function Deciding({ status: { id, blocked }, session, refused }: Props): VNode {
  if (!mayDo(session, 'decide'))
    return (
      <p class="quiet">
        Your key has the role “{session.key.role}”. Somebody whose key may decide must do it:{' '}
        {blocked.choices.join(', ')}.
      </p>
    );
  const path = pathOfRun(id);
  return (
    <form class="decide" method="post" action={`${path}/retry`}>
      <Hidden token={session.formToken} />
      <Reason id="reason" refused={refused?.choice === 'cancel' ? undefined : refused} />
      <div class="buttons">
        {blocked.choices.map((choice) =>
          choice === 'amend' ? (
            <a key={choice} class="button second" href={`${path}/amend`}>
              {choiceWords.amend[0]}
            </a>
          ) : (
            <button key={choice} type="submit" formaction={`${path}/${choice}`} class={looks[choice]}>
              {choiceWords[choice][0]}
            </button>
          ),
        )}
      </div>
      <p class="quiet small">
        {blocked.choices.map((choice) => choiceWords[choice].join(' ').replace('…', '')).join('; ')}.
      </p>
    </form>
  );
}

/** The reason of a decision, as people type it. */
export function Reason({ id, refused }: { id: string; refused?: Refused | undefined }): VNode {
  return (
    <p class="field">
      <label for={id}>Why?</label>
      <input
        id={id}
        name="reason"
        type="text"
        required
        maxLength={LONGEST_REASON}
        autocomplete="off"
        placeholder="Others read this later"
        value={refused?.reason ?? ''}
      />
    </p>
  );
}

interface StoppingProps {
  id: string;
  session: Session;
  refused?: Refused | undefined;
}

/** Says that a decision or a request was refused. */
export function NotTaken({ refused: { message } }: { refused: Refused }): VNode {
  return (
    <Notice tone="danger" title="Refused: nothing has changed" alert>
      <p>{message}</p>
    </Notice>
  );
}

/** The form that cancels an open run. */
export function Stopping({ id, session, refused }: StoppingProps): VNode | null {
  if (!mayDo(session, 'operate')) return null;
  return (
    <details class="card" {...(refused?.choice === 'cancel' && { open: true })}>
      <summary>Cancel this run</summary>
      <form method="post" action={`${pathOfRun(id)}/cancel`}>
        <p class="quiet">It waits for the call in flight, and then undoes what it did.</p>
        <Hidden token={session.formToken} />
        <Reason id="cancel-reason" refused={refused?.choice === 'cancel' ? refused : undefined} />
        <button type="submit" class="grave">
          Cancel the run
        </button>
      </form>
    </details>
  );
}

/** Fails as 422 without a reason, as the API does. */
export function checkReason(reason: string): void {
  if (reason === '') throw new Problem(422, 'InvalidInput', 'Say why: the reason is kept with the decision.');
  if (reason.length > LONGEST_REASON)
    throw new Problem(422, 'InvalidInput', `The reason may have at most ${LONGEST_REASON} characters.`);
}
