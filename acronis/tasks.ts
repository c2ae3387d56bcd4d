import { z } from 'zod';
import type { Call, Http } from './http.js';
import { pages } from './paging.js';
import { absent, anyId, idText } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/task_manager/v2';

const workFields = z.object({
  id: idText,
  /** The same id where it was longer than a number of JavaScript can be. */
  idString: absent(anyId),
  uuid: absent(anyId),
  type: absent(z.string()),
  /** `enqueued`, `assigned`, `started`, `paused` or `completed`. */
  state: absent(z.string()),
  /** Of completed ones: `ok`, `error`, `warning`, `cancelled`, `abandoned` or `timedout`. */
  result: absent(z.object({ code: absent(z.string()) })),
  cancellable: absent(z.boolean()),
  startedByUser: absent(z.string()),
  policy: absent(z.object({ id: absent(idText), name: absent(z.string()) })),
  resource: absent(z.object({ id: absent(idText), name: absent(z.string()), type: absent(z.string()) })),
  tenant: absent(z.object({ id: absent(idText), name: absent(z.string()) })),
  enqueuedAt: absent(z.string()),
  startedAt: absent(z.string()),
  updatedAt: absent(z.string()),
  completedAt: absent(z.string()),
});
const exactId = <T extends { id: string; idString: string | null }>({ idString, ...work }: T) => ({
  ...work,
  id: idString ?? work.id,
});
const taskShape = workFields.transform(exactId);
const activityShape = workFields
  .extend({ taskId: absent(idText), taskIdString: absent(anyId), parentActivityId: absent(idText) })
  .transform(({ taskIdString, ...activity }) => ({ ...exactId(activity), taskId: taskIdString ?? activity.taskId }));

/** Something that an agent or the cloud was told to do. Its id has more digits than a number can hold. */
export type Task = z.output<typeof taskShape>;

/** A part of a task, as people are shown it. */
export type TaskActivity = z.output<typeof activityShape>;

/** Which tasks or activities to list; all that we see unless narrowed. */
export interface WorkFilter {
  updatedAfter?: Date | undefined;
  completedAfter?: Date | undefined;
  state?: string | undefined;
  resultCode?: string | undefined;
  type?: string | undefined;
  resourceId?: string | undefined;
  policyId?: string | undefined;
  /** E.g. `desc(updatedAt)`. */
  order?: string | undefined;
}

/** Reads one kind of work. */
export interface Work<Item> {
  /** The one with this id. Fails with `not-found`. Safe to repeat. */
  get(id: string): Promise<Item>;
  /** Walks through them. Safe to repeat. */
  list(filter?: WorkFilter): AsyncIterable<Item>;
}

/** @see https://developer.acronis.com/doc/tasks/v2/reference/ (tasks) */
export type Tasks = Work<Task>;

/** @see https://developer.acronis.com/doc/tasks/v2/reference/ (activities) */
export type TaskActivities = Work<TaskActivity>;

/** The calls on tasks. */
export function createTasks(http: Http): Tasks {
  return createWork(http, 'tasks', taskShape);
}

/** The calls on the activities of tasks. */
export function createTaskActivities(http: Http): TaskActivities {
  return createWork(http, 'activities', activityShape);
}

function createWork<Shape extends z.ZodType>(http: Http, noun: string, shape: Shape): Work<z.output<Shape>> {
  return {
    get: async (id) => {
      const call: Call = { operation: `${noun}.get`, route: `GET ${BASE}/${noun}/{id}`, id, exact: true };
      return http.read(call, shape);
    },
    list: ({ updatedAfter, completedAfter, ...filter } = {}) => {
      const times = { updatedAt: after(updatedAfter), completedAt: after(completedAfter) };
      const query = { ...filter, ...times, limit: PAGE_LIMIT };
      return pages(http, { operation: `${noun}.list`, route: `GET ${BASE}/${noun}`, query, exact: true }, shape);
    },
  };
}

function after(time: Date | undefined): string | undefined {
  return time === undefined ? undefined : `gt(${time.toISOString()})`;
}
