import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const PRODUCE_REPORT = 'produceReport';

/** Which tenants a report covers, in the vendor's terms. */
export const reportLevels = ['itself', 'direct_partners', 'all_partners', 'all_customers', 'accounts'] as const;
/** What a report contains, in the vendor's terms. */
export const reportKinds = ['usage_daily', 'usage_summary', 'usage_current', 'usage_breakdown'] as const;
/** File formats, in the vendor's terms. */
export const reportFormats = ['csv_v2_0', 'json_v2_0', 'csv', 'json_v1', 'html'] as const;

/** What to report, and how. */
export interface ReportWish {
  kind: (typeof reportKinds)[number];
  level: (typeof reportLevels)[number];
  /** First and last day, `YYYY-MM-DD`. */
  period?: { start: string; end: string };
  format: (typeof reportFormats)[number];
  hideZeroUsage: boolean;
  /** Not every partner may see them. */
  showSkus: boolean;
}

/** Which report on which tenant, with every default filled in. The catalogue reads it from the caller's input. */
export interface ProduceReportOrder extends EveryOrder, ReportWish {
  /** The API client's own tenant unless given. */
  tenant?: TenantRef;
  /** How long the cloud may take: a duration in words. */
  within: string;
}

/** A report whose file is in the artefact store. */
export interface KeptReport {
  /** Where the file is: `file:` or `s3:`. */
  artefact: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** How many rows of usage it has; absent when its format has no rows. */
  rows?: number;
  /** Other reports in the cloud that this run may have ordered, after a call without answer. */
  inDoubt?: string[];
}

export interface ProducedReport {
  tenantId: string;
  report: KeptReport;
}

/** The result of a completed run; `changed` is true, because each run stores a new file. */
export type ProduceReportResult = Completed & ProducedReport;
