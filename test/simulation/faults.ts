import type { Fault } from '../../simulator/index.js';

type Kind = Extract<Fault, string> | keyof UnionOf<Exclude<Fault, string>>;
type UnionOf<T> = { [K in T extends T ? keyof T : never]: 1 };
type Detail = 'code' | 'message' | 'html' | 'commit' | 'drop' | 'answer';

/** Every kind of fault that the simulator knows, in the forms that matter; a new kind does not compile until it is here. */
const faults: Record<Exclude<Kind, Detail>, readonly Fault[]> = {
  'drop-before': ['drop-before'],
  'commit-then-drop': ['commit-then-drop'],
  hang: ['hang'],
  garble: ['garble'],
  'expire-tokens': ['expire-tokens'],
  'bump-version': ['bump-version'],
  refuse: [
    { refuse: 400 },
    { refuse: 401 },
    { refuse: 403 },
    { refuse: 404 },
    { refuse: 409 },
    { refuse: 426, code: 1001 },
    { refuse: 403, code: 1022, message: 'quota exceeded' },
    { refuse: 500, commit: true },
    { refuse: 502, html: true },
    { refuse: 503 },
    // a proxy's, before the effect and after it
    { refuse: 403, html: true },
    { refuse: 503, html: true, commit: true },
  ],
  // two faults in one: what opens the undo of a step
  lostThen: [],
  throttle: [{ throttle: 2 }],
  stale: [{ stale: 2 }],
  // within our patience, and beyond it
  delay: [{ delay: 3000 }, { delay: 30_000 }],
};

export const everyFault: readonly Fault[] = Object.values(faults).flat();
