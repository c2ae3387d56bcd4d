import type { Fault } from '../../simulator/index.js';

type Kind = Extract<Fault, string> | keyof UnionOf<Exclude<Fault, string>>;
type UnionOf<T> = { [K in T extends T ? keyof T : never]: 1 };
type Detail = 'code' | 'message' | 'html' | 'commit' | 'bare' | 'drop' | 'empty' | 'answer' | 'retryAfter';

/** Every kind of fault that the simulator has, in all relevant forms. A new kind does not compile until it is here. */
const faults: Record<Exclude<Kind, Detail>, readonly Fault[]> = {
  'drop-before': ['drop-before'],
  'commit-then-drop': ['commit-then-drop'],
  hang: ['hang'],
  garble: ['garble'],
  cut: ['cut'],
  'expire-tokens': ['expire-tokens'],
  'bump-version': ['bump-version'],
  refuse: [
    { refuse: 400 },
    { refuse: 401 },
    { refuse: 403 },
    { refuse: 404 },
    { refuse: 409 },
    { refuse: 426, code: 1001 },
    { refuse: 403, code: 1022, message: 'quota exceeded', bare: true },
    { refuse: 500, commit: true },
    { refuse: 503 },
  ],
  // no answer of a gateway is final, whatever its status: before the call takes effect, and after it
  proxy: [
    { proxy: 200 },
    { proxy: 400 },
    { proxy: 403 },
    { proxy: 404 },
    { proxy: 423, empty: true },
    { proxy: 425, empty: true },
    { proxy: 408, commit: true },
    { proxy: 499, empty: true, commit: true },
    { proxy: 503, commit: true },
  ],
  // believed where an answer does not say what it is about: tests order it where it does
  'answer-of-another': [],
  // two faults in one: this starts the undo of a step
  lostThen: [],
  throttle: [{ throttle: 2 }],
  stale: [{ stale: 2 }],
  // within the product's timeout, and beyond it
  delay: [{ delay: 3000 }, { delay: 30_000 }],
  drip: [{ drip: 3000 }, { drip: 30_000 }],
};

export const everyFault: readonly Fault[] = Object.values(faults).flat();
