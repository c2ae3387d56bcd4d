import { Context } from '@temporalio/activity';
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import { actorText } from '../contract/actors.js';
import { CUSTOMER_QUERY, type CustomerStatus } from '../contract/customers.js';
import { waitsForPerson } from '../contract/customer-questions.js';
import type { CustomerRequest } from '../contract/customer-requests.js';
import type { DecisionRequest } from '../contract/decisions.js';
import { FailureType } from '../contract/failures.js';
import { APPLY_PLANS, type AppliedPlans, type PlansRequest, type PlanVersion } from '../contract/plan-changes.js';
import type { CustomerOutcome, RolloutAction } from '../contract/rollout.js';
import type { StoredRows } from '../contract/imported-rows.js';
import { bringRow, rowsUnreadable, type RowDependencies, type RowsOfImport } from './imported-rows.js';
import { beating } from './truth.js';
import { tryAgain } from './turns.js';

const QUERY_MS = 5000;
const UPDATE_MS = 30_000;
/** A customer that has not answered so often does not hold up the others. */
const MOST_TRIES = 3;
/** With Temporal's growing pauses these take a minute or two. */
const MOST_READS = 8;

/** What a rollout does for some customers. */
export interface RolloutTask extends DecisionRequest {
  action: RolloutAction;
  /** The workflow id of the rollout. */
  rollout: string;
  cloud?: string;
  /** Of `applyPlans`. */
  plans?: readonly PlanVersion[];
  /** Of `import`. */
  rows?: StoredRows;
  customers: readonly { ref: string; again?: true }[];
}

/** How a customer came out. */
export type NamedOutcome = CustomerOutcome & { ref: string };

/** A customer as an action sees it. */
interface RolledCustomer {
  /** True when it has failed before. */
  again: boolean;
  ask(update: string, request: CustomerRequest | PlansRequest): Promise<unknown>;
  /** Tells it what its row says. Answers with its status when it had that row already. */
  bringRow(): Promise<CustomerStatus | undefined>;
}

type Action = (
  customer: RolledCustomer,
  request: DecisionRequest & Pick<RolloutTask, 'rollout' | 'plans'>,
) => Promise<CustomerOutcome | undefined>;

/** What is done for one customer. Each is safe to repeat. Undefined: the customer is under way now. */
const actions: Readonly<Record<RolloutAction, Action>> = {
  async act({ again, ask }, { actor, reason, rollout }) {
    await ask('act', { actor, reason, rollout });
    // what has failed is tried again only when somebody asks for it
    if (again) await ask('converge', { actor, reason, rollout });
    return undefined;
  },
  async applyPlans({ again, ask }, { actor, reason, rollout, plans = [] }) {
    const { observed } = (await ask(APPLY_PLANS, { actor, reason, rollout, plans })) as AppliedPlans;
    if (observed) return { outcome: 'skipped', state: 'observed', why: 'it is only observed: nothing is done for it' };
    if (again) await ask('converge', { actor, reason, rollout });
    return undefined;
  },
  async import({ again, ask, bringRow: bring }, { actor, reason, ...request }) {
    const before = await bring();
    const outcome = before === undefined || again ? undefined : outcomeOf(before);
    if (outcome !== undefined) return outcome;
    return await actions.act({ again, ask, bringRow: bring }, { actor, reason, ...request });
  },
};

/** What a rollout does for its customers, and how it sees what became of them. They call no cloud. */
export function createRolloutActivities({ importedRows }: RowDependencies = {}) {
  return {
    /** Does it for these customers. Answers with those that are not under way now, and why. Safe to repeat. */
    rollOut: async ({ action, customers, cloud, rows, ...request }: RolloutTask): Promise<NamedOutcome[]> =>
      await beating(async ({ client }) => {
        const read = rows && (await readRows(importedRows, rows));
        if (read !== undefined && 'why' in read) return customers.map(({ ref }) => ({ ref, ...failed(read.why) }));
        const outcomes = customers.map(async ({ ref, again = false }): Promise<NamedOutcome[]> => {
          const ask = asker(client, customerWorkflowId(ref, cloud));
          const bring = async () => await bringRow(client, { ref, cloud }, read);
          const act = async () => await actions[action]({ again, ask, bringRow: bring }, request);
          const outcome = await orRefusal(() => client.withDeadline(Date.now() + UPDATE_MS, act));
          return outcome === undefined ? [] : [{ ref, ...outcome }];
        });
        return (await Promise.all(outcomes)).flat();
      }),
    /** Ends once some of these customers have come out; until then it fails, to be tried again. */
    lookAtCustomers: async ({ refs, cloud }: { refs: readonly string[]; cloud?: string }): Promise<NamedOutcome[]> =>
      await beating(async ({ client }) => {
        const looks = refs.map(async (ref): Promise<NamedOutcome[]> => {
          const outcome = await outcomeNow(client, customerWorkflowId(ref, cloud));
          return outcome === undefined ? [] : [{ ref, ...outcome }];
        });
        const outcomes = (await Promise.all(looks)).flat();
        if (outcomes.length === 0) throw tryAgain(`${refs.length} customers are under way`);
        return outcomes;
      }),
    /** Removes the rows of an import that has ended. Safe to repeat. */
    forgetRows: async (rows: StoredRows): Promise<void> => await importedRows?.forget(rows),
  };
}

/** Workers share the file; until one of them can read it the others try, and then a person must know. */
async function readRows(
  importedRows: RowDependencies['importedRows'],
  rows: StoredRows,
): Promise<RowsOfImport | { why: string }> {
  try {
    if (importedRows === undefined) throw new Error('this worker keeps no files');
    return { ...rows, byRef: await importedRows.read(rows) };
  } catch (error) {
    if (Context.current().info.attempt < MOST_READS) throw error;
    return { why: rowsUnreadable(rows, error) };
  }
}

function asker(client: Client, id: string): RolledCustomer['ask'] {
  return async (update, request) => await client.workflow.getHandle(id).executeUpdate(update, { args: [request] });
}

async function orRefusal(act: () => ReturnType<Action>): ReturnType<Action> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return failed(NOBODY);
    if (error instanceof WorkflowUpdateFailedError) return failed(error.cause?.message ?? error.message);
    if (Context.current().info.attempt < MOST_TRIES) throw error;
    return failed(`it does not answer: ${(error as Error).message}`);
  }
}

function failed(why: string): CustomerOutcome {
  return { outcome: 'failed', why };
}

const NOBODY = 'no source has spoken of this customer, or somebody has terminated its workflow';

/** Undefined while it is under way, and while it does not answer. */
async function outcomeNow(client: Client, id: string): Promise<CustomerOutcome | undefined> {
  const handle = client.workflow.getHandle(id);
  try {
    if ((await handle.describe()).status.name !== 'RUNNING') return failed(NOBODY);
    const query = async () => await handle.query<CustomerStatus>(CUSTOMER_QUERY);
    return outcomeOf(await client.withDeadline(Date.now() + QUERY_MS, query));
  } catch (error) {
    return error instanceof WorkflowNotFoundError ? failed(NOBODY) : undefined;
  }
}

/** So long a customer may need to stop a run that its newest event has overtaken. */
const OVERTAKEN_MS = 60_000;

/** How a customer that is acted for has come out; undefined while it goes on by itself. */
export function outcomeOf(status: CustomerStatus, now = Date.now()): CustomerOutcome | undefined {
  const { state, blocked, waitingFor, wouldDo, paused, unread } = status;
  if (unread !== undefined) return undefined;
  switch (state) {
    case 'steady':
    case 'suspended':
    case 'ending':
    case 'ended':
      return { outcome: 'done', state };
    case 'paused':
      return { outcome: 'skipped', state, why: `${paused && actorText(paused)} has paused it: ${paused?.reason}` };
    case 'blocked': {
      // nothing has begun, and it is tried again by itself
      if (blocked?.type === FailureType.Unavailable && blocked.run === undefined) return undefined;
      if (mayBeOvertaken(status, now)) return undefined;
      const run = blocked?.run === undefined ? '' : `${blocked.run}: `;
      return { outcome: 'failed', state, why: `${run}${blocked?.message}` };
    }
    case 'waiting': {
      if (waitingFor === undefined) return { outcome: 'done', state, why: 'nothing is sold that needs a tenant' };
      // the brake has not granted it yet
      if (wouldDo !== undefined && !waitsForPerson(status)) return undefined;
      return { outcome: 'failed', state, why: `it waits for ${waitingFor}` };
    }
    case 'observed':
    case 'converging':
      return undefined;
  }
}

/** True while it may still stop the run that is blocked, because it has just heard something else. */
function mayBeOvertaken({ blocked, events }: CustomerStatus, now: number): boolean {
  const { run, since } = blocked ?? {};
  if (run === undefined || since === undefined) return false;
  const { at } = events.at(-1) ?? {};
  return at !== undefined && since < at && now - Date.parse(at) < OVERTAKEN_MS;
}
