import { workflowId } from './ids.js';
import { toSummary } from './markdown.js';

/** How every run of an operation is started, whoever starts it. */
export const startPolicy = {
  /** Once the run of a key has closed, a new one may begin: it finds what is there. */
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  /** The runs of a dead worker wait this long, instead of ten seconds. */
  workflowTaskTimeout: '5 seconds',
} as const;

/**
 * Memo field that says who has started a run, as the program that did so knows them. Anybody with access to Temporal can
 * write it.
 */
export const STARTED_BY_MEMO = 'tenantryStartedBy';

/** What Temporal needs to know of one start. */
export interface RunStart {
  workflowId: string;
  /** For Temporal's UI. */
  staticSummary: string;
}

/** The start of an operation with this order and business key. */
export function startOf(operation: string, { order, key }: { order: { cloud?: string }; key: string }): RunStart {
  return { workflowId: workflowId(operation, order.cloud, key), staticSummary: toSummary(`${operation} ${key}`) };
}
