import type { Task, TaskActivity, Work, WorkFilter } from '../acronis/index.js';
import { scopedClient, toUtc, type Lookup } from './lookup.js';

/** A job of an agent or of the cloud. */
export interface TaskRow {
  type: string | null;
  state: string | null;
  result: string | null;
  resource: string | null;
  plan: string | null;
  tenant: string | null;
  startedBy: string | null;
  enqueuedAt: string | null;
  startedAt: string | null;
  completedAt: string | null;
  updatedAt: string | null;
  /** Too long for a JavaScript number. */
  id: string;
}

/** A part of a task. */
export interface ActivityRow extends TaskRow {
  taskId: string | null;
}

export interface TasksFilter {
  /** Only tasks changed since. */
  since: Date;
  /** `enqueued`, `assigned`, `started`, `paused` or `completed`. */
  state?: string;
  /** `ok`, `error`, `warning`, `cancelled`, `abandoned` or `timedout`. */
  result?: string;
  type?: string;
}

const fields = [
  'type',
  'state',
  'result',
  'resource',
  'plan',
  'tenant',
  'startedBy',
  'enqueuedAt',
  'startedAt',
  'completedAt',
  'updatedAt',
  'id',
] as const;

/** The tasks of the tenant, the latest change first. */
export const tasks: Lookup<TasksFilter, TaskRow> = {
  fields,
  async *find(scope, filter) {
    for await (const task of listLatest((await scopedClient(scope)).tasks, filter)) yield toRow(task);
  },
};

/** The activities of the tenant, the latest change first. */
export const activities: Lookup<TasksFilter, ActivityRow> = {
  fields: [...fields, 'taskId'],
  async *find(scope, filter) {
    for await (const activity of listLatest((await scopedClient(scope)).taskActivities, filter))
      yield { ...toRow(activity), taskId: activity.taskId };
  },
};

function listLatest<Item>(work: Work<Item>, { since, state, result, type }: TasksFilter): AsyncIterable<Item> {
  const filter: WorkFilter = { state, type, resultCode: result, updatedAfter: since, order: 'desc(updatedAt)' };
  return work.list(filter);
}

function toRow(task: Task | TaskActivity): TaskRow {
  return {
    type: task.type,
    state: task.state,
    result: task.result?.code ?? null,
    resource: task.resource?.name ?? null,
    plan: task.policy?.name ?? null,
    tenant: task.tenant?.name ?? null,
    startedBy: task.startedByUser,
    enqueuedAt: toUtc(task.enqueuedAt),
    startedAt: toUtc(task.startedAt),
    completedAt: toUtc(task.completedAt),
    updatedAt: toUtc(task.updatedAt),
    id: task.id,
  };
}
