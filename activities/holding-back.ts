import type { PendingCall } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import { refuse } from './failures.js';

/** Stands for a change that an undo must not make. */
export class HeldBack extends Error {}

const why =
  'was cancelled between two tries, so nobody knows whether this run or somebody else has done it: look at it, and take it back by hand if it is not wanted';

interface Hold {
  watch: { beforeCall?: (call: PendingCall) => void };
  around<T>(act: () => Promise<T>): Promise<T>;
}

/**
 * Lets an undo look. Where nobody knows who has done what it finds, it is stopped at its first change, and fails with `Tenantry.Unexpected`.
 * `makerUnknown` is the step of which nobody knows it.
 */
export function holdOf({ makerUnknown: step }: { cloud: string; makerUnknown?: string }): Hold {
  if (step === undefined) return { watch: {}, around: async (act) => await act() };
  let held = false;
  const refusal = () => refuse(FailureType.Unexpected, `${step} ${why}`);
  const beforeCall = ({ changes, readOnly }: PendingCall) => {
    if (!changes || readOnly === true) return;
    held = true;
    throw new HeldBack();
  };
  return {
    watch: { beforeCall },
    async around(act) {
      // whatever the undo makes of it, a change was held back
      const result = await act().catch((error: unknown) => {
        throw held ? refusal() : error;
      });
      if (held) throw refusal();
      return result;
    },
  };
}
