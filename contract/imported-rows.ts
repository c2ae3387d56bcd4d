import type { CustomerFact, SubscriptionFact } from './facts.js';

/** One row of a file of customers: what it says of one customer, and of the one subscription that it stands for. */
export interface ImportedRow {
  customer: CustomerFact;
  subscription: SubscriptionFact;
}

/** The rows of an import, as they are kept for workers: where they are, what they must be, and since when they count. */
export interface StoredRows {
  /** The name of the source of which the rows become facts. */
  source: string;
  /** What the artefact store has answered; it ends with `storedRowsName`. */
  place: string;
  /** Of all rows together, in hexadecimal. */
  sha256: string;
  /** When the import was started, ISO 8601: the rows are facts of this time. */
  at: string;
}

const SHA256 = /^[\da-f]{64}$/;

/** The name of the file in the artefact store. */
export function storedRowsName(sha256: string): string {
  return `imports/${sha256}.rows`;
}

/** Why nothing can be imported by this, as `field: reason`; undefined when it can. Anybody may start a workflow. */
export function storedRowsProblem(rows: unknown): string | undefined {
  const { source, place, sha256, at } = (rows ?? {}) as Partial<Record<keyof StoredRows, unknown>>;
  if (typeof source !== 'string' || source === '') return 'rows.source: is missing: name the source';
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return 'rows.sha256: must be a SHA-256 in hexadecimal';
  if (typeof place !== 'string' || !place.endsWith(`/${storedRowsName(sha256)}`))
    return 'rows.place: is not where rows with this SHA-256 are kept';
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at))) return 'rows.at: must be a time in ISO 8601';
  return undefined;
}
