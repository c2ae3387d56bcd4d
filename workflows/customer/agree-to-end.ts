import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { AGREE_TO_END, type EndAnswer, type EndQuestion } from '../../contract/customer-agreement.js';
import { actorText } from '../../contract/actors.js';
import { refuseDecision as refuse } from '../decisions/refusals.js';
import type { Actor } from './actor.js';
import { isWanted } from './next-operation.js';
import { isHalted } from './progress.js';
import { confirmTruth } from './truth.js';

/**
 * Lets the offboarding that the customer has started ask, after its grace, whether the tenant may be deleted now. The
 * sources are asked once more. A repeat does no harm.
 */
export function acceptEndQuestions(actor: Actor): void {
  setHandler(
    defineUpdate<EndAnswer, [EndQuestion]>(AGREE_TO_END),
    async ({ run }) => {
      const before = whyNot(actor, run);
      if (before !== undefined) return { waits: before };
      const doubt = await askSources(actor);
      note(actor, run, doubt);
      const why = doubt ?? whyNot(actor, run);
      return why === undefined ? { agreed: true } : { waits: why };
    },
    {
      description: 'Asked by an offboarding of this customer before it deletes the tenant: {"run"}',
      validator: (question: Partial<EndQuestion> | null | undefined) => {
        if (typeof question?.run !== 'string') refuse('run: is missing: it names the offboarding');
      },
    },
  );
}

function whyNot(actor: Actor, run: string): string | undefined {
  const { current, paused, held } = actor.progress;
  const now = Date.now();
  if (current?.id !== run || current.isCancelled) return 'the customer has stopped this offboarding';
  const halt = [paused, held].find((one) => isHalted(one, now));
  if (halt !== undefined) return `${actorText(halt)} has stopped it: ${halt.reason}`;
  if (!isWanted(actor.situation, current.intended)) return 'what is sold has changed';
  if (actor.known.wanted().isOwnerOpen)
    return 'a person must say whose a subscription is: see the status of the customer';
  const begin = actor.mayBeginAt(current.intended.operation, now);
  return begin > now ? `it may go on at ${new Date(begin).toISOString()}` : undefined;
}

/** The status shows why the tenant is not deleted, if a person can do something about it. */
function note(actor: Actor, run: string, why: string | undefined): void {
  const { current } = actor.progress;
  if (current?.id !== run) return;
  const { doubt, ...rest } = current;
  const since = doubt?.since ?? new Date().toISOString();
  actor.progress = { ...actor.progress, current: { ...rest, ...(why !== undefined && { doubt: { why, since } }) } };
  actor.ask();
}

/** What the sources say has come as facts before this resolves. */
async function askSources({ start, known }: Actor): Promise<string | undefined> {
  const untrue = await confirmTruth(start.ref, known.subscriptions());
  await condition(() => !known.hasUnread());
  if (untrue === undefined) return undefined;
  return 'unread' in untrue ? untrue.unread : untrue.unclear;
}
