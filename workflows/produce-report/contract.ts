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

/** A report whose file is in the artefact store. */
export interface KeptReport {
  /** Where the file is: `file:` or `s3:`. */
  artefact: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The steps of making a report, in the order in which they begin. */
export const reportSteps = ['findReports', 'orderReport', 'awaitReport', 'keepReport', 'discardReport'] as const;
