import { z } from 'zod';
import type { Call, Http } from './http.js';
import { pages, readPage, type Page } from './paging.js';
import { absent, idText, someId } from './shapes.js';

const PAGE_LIMIT = 100;
const NS_PER_MS = 1_000_000n;

/** From the least to the most serious. */
export const severities = ['ok', 'information', 'warning', 'error', 'critical'] as const;
export type Severity = (typeof severities)[number];

const alertShape = z.object({
  id: someId,
  type: absent(z.string()),
  severity: absent(z.string()),
  category: absent(z.string()),
  tenant: absent(z.object({ id: absent(idText) })),
  details: absent(z.record(z.string(), z.unknown())).transform((details) => details ?? {}),
  createdAt: absent(z.string()),
  updatedAt: absent(z.string()),
  deletedAt: absent(z.string()),
});

/** Something that people should know of. */
export type Alert = z.output<typeof alertShape>;

/** Which alerts to list; dismissed ones only with `showDeleted`. */
export interface AlertFilter {
  /** Created or dismissed after this. */
  updatedAfter?: Date | undefined;
  /** This severity and those above. */
  severity?: Severity | undefined;
  type?: string | undefined;
  category?: string | undefined;
  /** Part of the name of a plan or resource. */
  query?: string | undefined;
  showDeleted?: boolean | undefined;
}

/** Where in a listing: before or after a place that an earlier page told. */
export interface Place {
  before?: string | undefined;
  after?: string | undefined;
  limit?: number | undefined;
}

/** @see https://developer.acronis.com/doc/alerts/v1/reference/ */
export interface Alerts {
  /** Walks through the alerts, newest first. Safe to repeat. */
  list(filter?: AlertFilter): AsyncIterable<Alert>;
  /**
   * Walks back from a place to the newest alert, page by page; each page in the order of `list`. Filter and limit must be those of the
   * page that told the place. Safe to repeat.
   */
  listBack(filter: AlertFilter, place: { before: string; limit?: number | undefined }): AsyncIterable<Alert>;
  /** One page, newest first, and the places of the pages next to it. The filter must be the one that told the place. Safe to repeat. */
  page(filter: AlertFilter, place?: Place): Promise<Page<Alert>>;
}

/** The calls on alerts. */
export function createAlerts(http: Http): Alerts {
  const call = (filter: AlertFilter, place: Place): Call => ({
    operation: 'alerts.list',
    route: 'GET /api/alert_manager/v1/alerts',
    query: { ...filters(filter), ...place, limit: place.limit ?? PAGE_LIMIT },
  });
  // The vendor's own script repeats the filters with each cursor.
  const repeatFilters = true;
  return {
    list: (filter = {}) => pages(http, call(filter, {}), alertShape, { repeatFilters }),
    listBack: (filter, place) => pages(http, call(filter, place), alertShape, { to: 'before', repeatFilters }),
    page: async (filter, place = {}) => readPage(http, call(filter, place), alertShape),
  };
}

function filters({ updatedAfter, severity, showDeleted, ...same }: AlertFilter): NonNullable<Call['query']> {
  return {
    ...same,
    updated_at: updatedAfter === undefined ? undefined : `gt(${BigInt(updatedAfter.getTime()) * NS_PER_MS})`,
    severity: severity === undefined ? undefined : `ge(${severity})`,
    show_deleted: showDeleted,
    order: 'desc(created_at)',
  };
}
