import { z } from 'zod';
import type { Call, HttpClient } from './http-client.js';
import { pages, readPage, type Page } from './paging.js';
import { optional, idAsText, nonEmptyId } from './shapes.js';

const PAGE_LIMIT = 100;
const NS_PER_MS = 1_000_000n;

/** From the least to the most serious. */
export const severities = ['ok', 'information', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

const alertShape = z.object({
  id: nonEmptyId,
  type: optional(z.string()),
  severity: optional(z.string()),
  category: optional(z.string()),
  tenant: optional(z.object({ id: optional(idAsText) })),
  details: optional(z.record(z.string(), z.unknown())).transform((details) => details ?? {}),
  createdAt: optional(z.string()),
  updatedAt: optional(z.string()),
  deletedAt: optional(z.string()),
});

/** A message of the cloud that somebody should read. */
export type Alert = z.output<typeof alertShape>;

/** Which alerts to list; dismissed ones only with `showDeleted`. */
export interface AlertFilter {
  /** Created or dismissed after this time. */
  updatedAfter?: Date | undefined;
  /** This severity and higher ones. */
  severity?: Severity | undefined;
  type?: string | undefined;
  category?: string | undefined;
  /** Part of the name of a plan or resource. */
  query?: string | undefined;
  showDeleted?: boolean | undefined;
}

/** A position in a listing: before or after a cursor from an earlier page. */
export interface PageCursor {
  before?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

/**
 * The calls for alerts.
 * @see https://developer.acronis.com/doc/alerts/v1/reference/
 */
export function createAlerts(http: HttpClient) {
  const call = (operation: string, filter: AlertFilter, cursor: PageCursor): Call => ({
    operation,
    route: 'GET /api/alert_manager/v1/alerts',
    query: { ...toQuery(filter), ...cursor, limit: cursor.limit ?? PAGE_LIMIT },
  });
  // the vendor's own script repeats the filters with each cursor
  const repeatFilters = true;
  return {
    /**
     * Lists the alerts page by page, newest first. The rows are only shown, so they are not compared with the filter. Safe
     * to repeat.
     */
    list: (filter: AlertFilter = {}): AsyncIterable<Alert> =>
      pages(http, call('alerts.list', filter, {}), alertShape, { repeatFilters }),
    /**
     * One page, newest first, with the cursors of the pages next to it. The filter must be that of the page that returned
     * the cursor. Safe to repeat.
     */
    page: async (filter: AlertFilter, cursor: PageCursor = {}): Promise<Page<Alert>> =>
      readPage(http, call('alerts.page', filter, cursor), alertShape),
  };
}

function toQuery({ updatedAfter, severity, showDeleted, ...others }: AlertFilter): NonNullable<Call['query']> {
  return {
    ...others,
    updated_at: updatedAfter === undefined ? undefined : `gt(${BigInt(updatedAfter.getTime()) * NS_PER_MS})`,
    severity: severity === undefined ? undefined : `ge(${severity})`,
    show_deleted: showDeleted,
    order: 'desc(created_at)',
  };
}
