import type { Leftover } from '../../contract/status.js';
import type { ActivityInput, ActivityName, ActivityResult } from './activity-calls.js';

/** What is known about a step before it runs. */
export interface StepTraits<N extends ActivityName> {
  kind: 'lookUp' | 'change' | 'undo';
  /** Method and path of each call on success, in order; none for a look-up, because a plan makes it itself. */
  calls?: readonly string[];
  /** Fields of the result that an operation branches on; a plan uses these values, because it does not run the step. */
  yields?: Partial<ActivityResult<N>>;
  /** Why this input cannot be undone, if so. */
  irreversible?: (input: ActivityInput<N>) => string | undefined;
  /** Earlier steps that change what this step reads: after one of them, a plan cannot preview it. */
  after?: readonly ActivityName[];
  /** It asks Temporal, so a plan cannot preview it. */
  asksTemporal?: true;
  /** Warnings from the result of a look-up. */
  warn?: (result: ActivityResult<N>, input: ActivityInput<N>) => string[];
  /** For an undo that undoes nothing and only reports what stays. */
  namesOnly?: true;
  /** For an undo that removes only what has the mark of the run, or an id that the run got in an answer. */
  findsOnlyOwn?: true;
  /** For an undo that reverts the effect of a later step. */
  ofOtherStep?: true;
  /** For an undo: the kind of leftover when it fails; `setting` by default. */
  leaves?: Leftover['kind'];
  /** For the undo of a tenant's creation: the kind of the tenant. */
  ofTenant?: 'customer' | 'partner';
}

/** The facts of a step whose name is only known at run time. */
export interface AnyStepTraits extends Pick<
  StepTraits<never>,
  'kind' | 'calls' | 'after' | 'asksTemporal' | 'leaves' | 'ofTenant'
> {
  yields?: object;
  namesOnly?: true;
  findsOnlyOwn?: true;
  ofOtherStep?: true;
  irreversible?(input: object): string | undefined;
  warn?(result: unknown, input: object): string[];
}
