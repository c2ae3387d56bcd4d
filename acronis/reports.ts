import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { allPages } from './paging.js';
import { unreadableError } from './response.js';
import { readReportFile, type ExpectedFile, type ReportDownload } from './report-files.js';
import { optional, anyId, decisive, guid } from './shapes.js';
import { isSameText, confirmAsked, confirmCreation, type Comparison } from './confirmation.js';

const ANY_TYPE = '*/*';

const reportShape = z.object({
  id: guid,
  version: decisive(z.number()),
  generation_date: optional(z.string()),
  /** As they were ordered. */
  parameters: optional(
    z.object({
      tenant_id: optional(anyId),
      level: optional(z.string()),
      kind: optional(z.string()),
      formats: optional(z.array(z.string())),
      period: optional(z.object({ start: optional(z.string()), end: optional(z.string()) })),
    }),
  ),
});
const storedShape = z.object({
  /** May be missing until the file is saved. */
  id: decisive(anyId),
  report_format: optional(z.string()),
  /** Bytes. */
  size: decisive(z.number()),
  created_at: optional(z.string()),
  /** `in_progress`, `saved` or `failed`. */
  status: z.string(),
});

/** An order for a report. */
export type Report = z.output<typeof reportShape>;

/** One file of a report, one per format, perhaps not finished yet. */
export type StoredReport = z.output<typeof storedShape>;

/** The parameters of a new report. */
export interface NewReport {
  tenant_id: string;
  level: 'itself' | 'direct_partners' | 'all_partners' | 'all_customers' | 'accounts';
  kind: 'usage_daily' | 'usage_summary' | 'usage_current' | 'usage_breakdown';
  formats: readonly ('csv' | 'html' | 'json_v1' | 'csv_v2_0' | 'json_v2_0')[];
  /** First and last day, `YYYY-MM-DD`, not in the future. */
  period?: { start: string; end: string } | undefined;
  hide_zero_usage?: boolean | undefined;
  /** Not every partner is allowed to see them. */
  show_skus?: boolean | undefined;
}

/**
 * The calls for reports.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (usage reporting)
 */
export function createReports(http: HttpClient) {
  return {
    /**
     * Orders a report that is generated once, now, and stored; that takes a minute or two. Each call orders another.
     * Fails with `rejected` while the day's usage is not complete, which happens in the early morning of the data centre.
     */
    create: async (parameters: NewReport): Promise<Report> => {
      const json = { parameters, schedule: { type: 'once' }, result_action: 'save' };
      const call = { operation: 'reports.create', route: 'POST /reports', json };
      const report = await http.read(call, reportShape);
      return confirmCreation(call, report, compareIdentity(parameters, report));
    },
    /** The order. Fails with `not-found`. Safe to repeat. */
    get: async (id: string): Promise<Report> => {
      const call = { operation: 'reports.get', route: 'GET /reports/{id}', id };
      const report = await http.read(call, reportShape);
      return confirmAsked(call, report, { id: isSameText(id, report.id) });
    },
    /** The files generated so far; at first there may be none. Safe to repeat. */
    stored: async (id: string): Promise<StoredReport[]> =>
      allPages(http, { operation: 'reports.stored', route: 'GET /reports/{id}/stored', id }, storedShape),
    /**
     * A saved file, byte for byte. It is asked for when its content is read. Reading fails with `unreadable`, at the end
     * at the latest, when the file is not of the size that is stated, not of the format that was ordered, not whole, or
     * larger than 1 GiB. Safe to repeat.
     */
    download: (id: string, storedId: string, expected: ExpectedFile): ReportDownload => {
      const call = { operation: 'reports.download', route: 'GET /reports/{id}/stored/{id}', id: [id, storedId] };
      const receive = async () => {
        const response = await http.send({ ...call, accept: ANY_TYPE, streamed: true });
        const { body = noBody(), compressedSize } = response;
        return { body, compressedSize, refuse: (fault: string) => unreadableError(call, response, fault) };
      };
      return readReportFile(receive, expected);
    },
    /** Ids of the report orders for a tenant. Safe to repeat. */
    idsOf: async (id: string): Promise<string[]> =>
      allPages(http, { operation: 'reports.idsOf', route: 'GET /tenants/{id}/reports', id }, guid),
    /** Deletes an order with its files. Fails with `conflict` on a stale version. */
    async remove(id: string, version: number): Promise<void> {
      const call = { operation: 'reports.remove', route: 'DELETE /reports/{id}', id };
      await http.send({ ...call, successStatuses: [204], query: { version } });
    },
  };
}

async function* noBody(): AsyncGenerator<Uint8Array> {
  // nothing comes
}

/** The fields that identify an order, and whether the answer has them as sent. */
function compareIdentity(sent: NewReport, { parameters }: Report): Comparison {
  const { formats } = parameters ?? {};
  return {
    tenant_id: isSameText(sent.tenant_id, parameters?.tenant_id),
    level: isSameText(sent.level, parameters?.level),
    kind: isSameText(sent.kind, parameters?.kind),
    formats: formats == null || sent.formats.every((format) => formats.includes(format)),
    period:
      isSameDay(sent.period?.start, parameters?.period?.start) && isSameDay(sent.period?.end, parameters?.period?.end),
  };
}

/** The cloud may add the time of day. */
function isSameDay(sent: string | undefined, answered: string | null | undefined): boolean {
  return sent === undefined || isSameText(sent, answered?.slice(0, sent.length));
}
