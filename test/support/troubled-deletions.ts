import { setTimeout } from 'node:timers/promises';
import type { TamperedEnvironment } from './tampered-environment.js';

export const NO_EFFECT = /answered that it deleted it, and it is still there/;
export const RESTORED = /somebody has restored it since/;

/** What goes wrong at the deletions of a vendor. */
export function troubledDeletions(env: TamperedEnvironment) {
  return {
    /** The vendor does this call and its answer is lost. */
    lose: (route: string) => env.simulator.faults.next(route, 'commit-then-drop'),
    /**
     * Answers the first deletion in place of the vendor, or lets something happen after it. Returns the number of
     * deletions that were sent.
     */
    atDeletion({ after, answered = false }: { after?: () => unknown; answered?: boolean }): () => number {
      let deletions = 0;
      let over = after === undefined;
      env.answerTo = (call) => {
        if (!call.startsWith('DELETE')) return undefined;
        deletions += 1;
        return answered && deletions === 1 ? new Response(null, { status: 204 }) : undefined;
      };
      env.beforeCall = async (call) => {
        if (deletions === 0 || over || call.startsWith('DELETE')) return;
        over = true;
        // the cloud shows times in whole seconds
        await setTimeout(1000);
        await after?.();
      };
      return () => deletions;
    },
  };
}
