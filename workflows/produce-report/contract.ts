import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** The Temporal workflow type. */
export const PRODUCE_REPORT = 'produceReport';

/** Whom a report covers, in the vendor's words. */
export const reportLevels = ['itself', 'direct_partners', 'all_partners', 'all_customers', 'accounts'] as const;
/** What a report tells, in the vendor's words. */
export const reportKinds = ['usage_daily', 'usage_summary', 'usage_current', 'usage_breakdown'] as const;
/** In which form, in the vendor's words. */
export const reportFormats = ['csv_v2_0', 'json_v2_0', 'csv', 'json_v1', 'html'] as const;

/** What a report shall tell. */
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

/** Which report on whom, with every default filled in. `schema.ts` reads it from what the caller typed. */
export interface ProduceReportOrder extends EveryOrder, ReportWish {
  /** The API client's own tenant unless given. */
  tenant?: TenantRef;
  /** How long the cloud may take to make it: a duration in words. */
  within: string;
}

/** A report whose file is in the artefact store. */
export interface KeptReport {
  /** Where the file is: `file:` or `s3:`. */
  artefact: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
  /** How many rows of usage it has; absent when its format cannot be read to rows. */
  rows?: number;
  /** Reports in the cloud that this run may have ordered besides, when an answer was lost and nobody can tell. */
  inDoubt?: string[];
}

export interface ProducedReport {
  tenantId: string;
  report: KeptReport;
}

/** How a completed run answers; `changed` is true, for each run brings a file of its own. */
export type ProduceReportResult = Completed & ProducedReport;
