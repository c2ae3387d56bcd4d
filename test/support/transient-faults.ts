import type { Fault } from '../../simulator/index.js';

/** Faults that pass when the call is retried, by description. */
export const transientFaults: Readonly<Record<string, Fault>> = {
  'the answer is lost': 'commit-then-drop',
  'the call never arrives': 'drop-before',
  'the version moves under it': 'bump-version',
  'the cloud is busy': { refuse: 503, html: true },
  'it is done but answered with 500': { refuse: 500, commit: true },
  'it is throttled': { throttle: 1 },
  'the answer is garbage': 'garble',
};
