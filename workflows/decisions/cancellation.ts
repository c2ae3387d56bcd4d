import { CancellationScope } from '@temporalio/workflow';
import { actorText, type Proven } from '../../contract/actors.js';
import { CANCELLING_SIGNAL, type DecisionRequest } from '../../contract/decisions.js';
import { onSignal } from '../kernel/signals.js';
import type { ActorCheck } from './actor-check.js';

/** Words who has cancelled a run, and why; a promise only where a proof of the actor is being checked. */
export type CancelReason = () => string | Promise<string>;

/**
 * Listens for who cancels this run and why. The returned function words it. The last signal before the cancellation
 * counts. Nobody can refuse a cancellation: where the proof of its actor does not fit, the actor is not verified.
 */
export function listenForCancelReason(actors: ActorCheck, onDropped: (signal: string) => void): CancelReason {
  let said: Partial<Proven<DecisionRequest>> = {};
  let hasCome = false;
  let verified: Promise<boolean> | undefined;
  onSignal(
    CANCELLING_SIGNAL,
    (request?: Proven<DecisionRequest>) => {
      // a run without a first task yet gets both at once, the cancellation first
      if (hasCome && CancellationScope.current().consideredCancelled) return;
      hasCome = true;
      said = { ...request };
      verified = request?.proof && actors.isVerified(CANCELLING_SIGNAL, request).catch(() => false);
    },
    { description: 'Who is about to cancel the run, and why: {"actor", "reason"}', onDropped },
  );
  return () => (verified === undefined ? textOf(said, false) : verified.then((known) => textOf(said, known)));
}

function textOf({ actor, reason }: Partial<DecisionRequest>, verified: boolean): string {
  return `the run was cancelled${actor ? ` by ${actorText({ actor, verified })}` : ''}${reason ? `: ${reason}` : ''}`;
}
