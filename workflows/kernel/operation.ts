import type { ExpectedCustomer } from '../../contract/expected-customer.js';
import type { Mark } from '../../contract/mark.js';
import type { EveryOrder } from '../../contract/orders.js';
import type { Completed, OperationStatus } from '../../contract/status.js';
import type { Amendable } from '../decisions/amendments.js';
import type { StepName } from './activity-calls.js';
import { runOperation } from './run-operation.js';
import type { Steps } from './steps.js';

/** What a run passes to its operation. */
export interface OperationContext<Order> {
  /** With every default filled in. */
  order: Order;
  cloud: string;
  /** Written into what the run creates. */
  mark: Mark;
  /**
   * False after a reset or an amendment, and when there may be something to adopt: then the first attempt checks too.
   */
  first: boolean;
  /**
   * True after a reset: what the run did after the point of the reset is unknown. Use it only in inputs of activities,
   * so that the history replays.
   */
  wasReset?: boolean;
  /** True after a reset to the start: the history contains nothing of what the run did before. */
  wasResetToStart?: boolean;
  /** The revision that started this run: see `contract/revision.ts`. */
  revision: number;
  /** When the run was started, in ISO 8601; absent after a reset and in a plan. */
  since?: string;
  /** The customer that whoever has started the run means; absent when nobody has said so. */
  expects?: ExpectedCustomer;
  steps: Steps;
}

/** The definition of an operation. A plan uses it without starting a workflow. */
export interface OperationDefinition<Order, Made, State = undefined> {
  /** The Temporal workflow type. */
  name: string;
  /** The planned steps of a run of this revision, in order. Look-ups can add others. */
  steps(order: Order, revision: number): readonly StepName[];
  /** What a person may change while the run is blocked; perhaps it depends on how far the run is. */
  amendable: Amendable | ((state: State, revision: number) => Amendable);
  /** Own state of the run; it survives an amendment. */
  state?(): State;
  /** Registers the handlers of the operation's own Updates and queries, before anything else. `status`: that of the run. */
  accept?(state: State, status: () => OperationStatus): void;
  /** Does the steps. After an amendment it restarts from the top; finished steps are not repeated. */
  run(context: OperationContext<Order>, state: State): Promise<Made>;
}

/** What a workflow says of a run that it starts, besides the order. */
export interface StartDetails {
  expects?: ExpectedCustomer;
}

/** The workflow function of an operation, with its definition. */
export interface OperationWorkflow<Order, Made, State = undefined> {
  (input: unknown, start?: StartDetails): Promise<Completed & Made>;
  definition: OperationDefinition<Order, Made, State>;
}

/** Defines an operation. Its workflow completes, is undone, or fails and reports every leftover. */
export function operation<Order extends EveryOrder, Made extends object, State = undefined>(
  definition: OperationDefinition<Order, Made, State>,
): OperationWorkflow<Order, Made, State> {
  const run = async (input: unknown, start?: StartDetails) => await runOperation(definition, input, start);
  return Object.assign(run, { definition });
}
