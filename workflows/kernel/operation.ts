import type { Mark } from '../../contract/mark.js';
import type { EveryOrder } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';
import type { Amendable } from '../decisions/amendments.js';
import type { StepName } from './activity-calls.js';
import { runOperation } from './run-operation.js';
import type { Steps } from './steps.js';

/** What one run of an operation works with. */
export interface OperationContext<Order> {
  /** As it was read: with every default filled in. */
  order: Order;
  cloud: string;
  /** Is written into what the run creates. */
  mark: Mark;
  /** False after a reset or an amendment, and once there was something to adopt: then even a first attempt must look before it creates. */
  first: boolean;
  /** True after a reset: what was done after the point of the reset is not known. Decides only about inputs, so that the history replays. */
  reset?: boolean;
  /** True after a reset to the start: nothing of what the run has done is in its history. */
  restarted?: boolean;
  /** What the version that began this run would do: see `contract/revision.ts`. */
  revision: number;
  /** When the run was started, in ISO 8601; absent after a reset and in a plan. */
  since?: string;
  steps: Steps;
}

/** Everything there is to know of an operation; a plan reads it without running it. */
export interface OperationDefinition<Order, Made, State = undefined> {
  /** The Temporal workflow type. */
  name: string;
  /** The steps to come, in the order in which they begin. Others can follow from what a look-up finds. */
  steps(order: Order): readonly StepName[];
  /** What a person may still change while the run is blocked. */
  amendable: Amendable;
  /** What the run keeps besides, when it starts from the top with an amended input too. */
  state?(): State;
  /** Sets the handlers of the operation's own Updates, before anything else happens. */
  accept?(state: State): void;
  /** What is done, in order. Starts again from the top with an amended input: what is done is not done again. */
  run(context: OperationContext<Order>, state: State): Promise<Made>;
}

/** The workflow function of an operation, with its definition. */
export interface OperationWorkflow<Order, Made, State = undefined> {
  (input: unknown): Promise<Completed & Made>;
  definition: OperationDefinition<Order, Made, State>;
}

/** Defines an operation. The workflow that comes of it completes, is undone, or fails and names every leftover. */
export function operation<Order extends EveryOrder, Made extends object, State = undefined>(
  definition: OperationDefinition<Order, Made, State>,
): OperationWorkflow<Order, Made, State> {
  return Object.assign(async (input: unknown) => await runOperation(definition, input), { definition });
}
