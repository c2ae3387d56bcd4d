import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { pages } from './paging.js';
import { optional, anyId, idAsText } from './shapes.js';

const PAGE_LIMIT = 100;
const BASE = '/api/task_manager/v2';

const workFields = z.object({
  id: idAsText,
  /** The same id, if it is too long for a JavaScript number. */
  idString: optional(anyId),
  uuid: optional(anyId),
  type: optional(z.string()),
  /** `enqueued`, `assigned`, `started`, `paused` or `completed`. */
  state: optional(z.string()),
  /** Of completed tasks: `ok`, `error`, `warning`, `cancelled`, `abandoned` or `timedout`. */
  result: optional(z.object({ code: optional(z.string()) })),
  cancellable: optional(z.boolean()),
  startedByUser: optional(z.string()),
  policy: optional(z.object({ id: optional(idAsText), name: optional(z.string()) })),
  resource: optional(z.object({ id: optional(idAsText), name: optional(z.string()), type: optional(z.string()) })),
  tenant: optional(z.object({ id: optional(idAsText), name: optional(z.string()) })),
  enqueuedAt: optional(z.string()),
  startedAt: optional(z.string()),
  updatedAt: optional(z.string()),
  completedAt: optional(z.string()),
});
const exactId = <T extends { id: string; idString: string | null }>({ idString, ...work }: T) => ({
  ...work,
  id: idString ?? work.id,
});
const taskShape = workFields.transform(exactId);
const activityShape = workFields
  .extend({ taskId: optional(idAsText), taskIdString: optional(anyId), parentActivityId: optional(idAsText) })
  .transform(({ taskIdString, ...activity }) => ({ ...exactId(activity), taskId: taskIdString ?? activity.taskId }));

/** A job of an agent or of the cloud. Its id has too many digits for a number. */
export type Task = z.output<typeof taskShape>;

/** A part of a task, as the console shows it. */
export type TaskActivity = z.output<typeof activityShape>;

/** Which tasks or activities to list. Default: all that we can see. */
export interface WorkFilter {
  updatedAfter?: Date | undefined;
  state?: string | undefined;
  resultCode?: string | undefined;
  type?: string | undefined;
  /** E.g. `desc(updatedAt)`. */
  order?: string | undefined;
}

/**
 * The calls for tasks.
 * @see https://developer.acronis.com/doc/tasks/v2/reference/ (tasks)
 */
export function createTasks(http: HttpClient) {
  return createWork(http, 'tasks', 'tasks', taskShape);
}

/**
 * The calls for the activities of tasks.
 * @see https://developer.acronis.com/doc/tasks/v2/reference/ (activities)
 */
export function createTaskActivities(http: HttpClient) {
  return createWork(http, 'taskActivities', 'activities', activityShape);
}

function createWork<Item extends Task>(http: HttpClient, name: string, path: string, shape: z.ZodType<Item>) {
  return {
    /** Lists them page by page. The rows are only shown, so they are not compared with the filter. Safe to repeat. */
    list: ({ updatedAfter, ...filter }: WorkFilter = {}): AsyncIterable<Item> => {
      const updatedAt = updatedAfter === undefined ? undefined : `gt(${updatedAfter.toISOString()})`;
      const query = { ...filter, updatedAt, limit: PAGE_LIMIT };
      const call = { operation: `${name}.list`, route: `GET ${BASE}/${path}`, query, exactNumbers: true };
      return pages(http, call, shape);
    },
  };
}
