import { z } from 'zod';
import type { Http } from './http.js';
import { allPages } from './paging.js';
import { unreadable } from './reply.js';
import { readReportFile, type ExpectedFile, type ReportFile } from './report-files.js';
import { absent, anyId, decisive, guid } from './shapes.js';
import { isSameText, made } from './shown.js';

const ANY_TYPE = '*/*';

const reportShape = z.object({
  id: guid,
  version: decisive(z.number()),
  generation_date: absent(z.string()),
  /** As ordered. */
  parameters: absent(
    z.object({
      tenant_id: absent(anyId),
      level: absent(z.string()),
      kind: absent(z.string()),
      formats: absent(z.array(z.string())),
      period: absent(z.object({ start: absent(z.string()), end: absent(z.string()) })),
    }),
  ),
});
const storedShape = z.object({
  /** Can be missing until the file is saved. */
  id: decisive(anyId),
  report_format: absent(z.string()),
  /** Bytes. */
  size: decisive(z.number()),
  created_at: absent(z.string()),
  /** `in_progress`, `saved` or `failed`. */
  status: z.string(),
});

/** An order for a report. */
export type Report = z.output<typeof reportShape>;

/** One file of a report, one per format, perhaps still in the making. */
export type StoredReport = z.output<typeof storedShape>;

/** What to report on. */
export interface NewReport {
  tenant_id: string;
  level: 'itself' | 'direct_partners' | 'all_partners' | 'all_customers' | 'accounts';
  kind: 'usage_daily' | 'usage_summary' | 'usage_current' | 'usage_breakdown';
  formats: readonly ('csv' | 'html' | 'json_v1' | 'csv_v2_0' | 'json_v2_0')[];
  /** First and last day, `YYYY-MM-DD`, not in the future. */
  period?: { start: string; end: string } | undefined;
  hide_zero_usage?: boolean | undefined;
  /** Not every partner may see them. */
  show_skus?: boolean | undefined;
}

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (usage reporting) */
export interface Reports {
  /**
   * Orders a report to be made once, now, and kept; it takes a minute or two. Each call orders one more. Fails with `rejected` while the
   * day's usage is not counted up, which is so in the early morning of the data centre.
   */
  create(parameters: NewReport): Promise<Report>;
  /** The order. Fails with `not-found`. Safe to repeat. */
  get(id: string): Promise<Report>;
  /** The files made so far; at first there may be none. Safe to repeat. */
  stored(id: string): Promise<StoredReport[]>;
  /**
   * A saved file, byte for byte. Fails with `unreadable` when it is not of the size that is stated, not of the format that was ordered, or not whole.
   * Safe to repeat.
   */
  download(id: string, storedId: string, expected: ExpectedFile): Promise<ReportFile>;
  /** Ids of the orders for reports on a tenant. Safe to repeat. */
  idsOf(tenantId: string): Promise<string[]>;
  /** Deletes an order with its files. Fails with `conflict` on a stale version. */
  remove(id: string, version: number): Promise<void>;
}

/** The calls on reports. */
export function createReports(http: Http): Reports {
  return {
    create: async (parameters) => {
      const json = { parameters, schedule: { type: 'once' }, result_action: 'save' };
      const call = { operation: 'reports.create', route: 'POST /reports', json };
      const report = await http.read(call, reportShape);
      return made(call, report, identity(parameters, report));
    },
    get: async (id) => http.read({ operation: 'reports.get', route: 'GET /reports/{id}', id }, reportShape),
    stored: async (id) =>
      allPages(http, { operation: 'reports.stored', route: 'GET /reports/{id}/stored', id }, storedShape),
    download: async (id, storedId, expected) => {
      const call = { operation: 'reports.download', route: 'GET /reports/{id}/stored/{id}', id: [id, storedId] };
      const reply = await http.send({ ...call, accept: ANY_TYPE, asBytes: true });
      const { bytes = new Uint8Array(), packedBytes } = reply;
      const file = readReportFile({ bytes, packedBytes }, expected);
      if ('fault' in file) throw unreadable(call, reply, file.fault);
      return file;
    },
    idsOf: async (id) => allPages(http, { operation: 'reports.idsOf', route: 'GET /tenants/{id}/reports', id }, guid),
    async remove(id, version) {
      await http.send({
        operation: 'reports.remove',
        success: [204],
        route: 'DELETE /reports/{id}',
        id,
        query: { version },
      });
    },
  };
}

/** By what an order for a report is known, and which of it is as it was sent. */
function identity(sent: NewReport, { parameters }: Report): Record<string, boolean> {
  const { formats } = parameters ?? {};
  return {
    tenant_id: isSameText(sent.tenant_id, parameters?.tenant_id),
    level: isSameText(sent.level, parameters?.level),
    kind: isSameText(sent.kind, parameters?.kind),
    formats: formats == null || sent.formats.every((format) => formats.includes(format)),
    period: isDay(sent.period?.start, parameters?.period?.start) && isDay(sent.period?.end, parameters?.period?.end),
  };
}

/** The cloud may tell the time of the day too. */
function isDay(sent: string | undefined, said: string | null | undefined): boolean {
  return sent === undefined || isSameText(sent, said?.slice(0, sent.length));
}
