import { z } from 'zod';

/** Written before a request may change anything. */
const askedSchema = z.object({
  at: z.iso.datetime(),
  requestId: z.string(),
  phase: z.literal('asked'),
  /** The name of the key, and what it might do then. */
  key: z.string(),
  role: z.string(),
  /** From which address. */
  address: z.string(),
  /** The `operationId` of the OpenAPI document. */
  what: z.string(),
  /** Of the run or the customer, where the address of the request names it. */
  id: z.string().optional(),
});

/** Written when the request has its answer. */
const answeredSchema = z.object({
  at: z.iso.datetime(),
  requestId: z.string(),
  phase: z.literal('answered'),
  outcome: z.enum(['done', 'refused', 'failed']),
  status: z.int(),
  /** Of the run that it started. */
  id: z.string().optional(),
});

const lineSchema = z.discriminatedUnion('phase', [askedSchema, answeredSchema]);

export type AuditLine = z.infer<typeof lineSchema>;

/** One request that may have changed something. */
export interface AuditRow {
  at: string;
  key: string;
  role: string;
  address: string;
  what: string;
  id: string | null;
  /** `unknown` when the gateway was killed, or the log could not be written, before the answer. */
  outcome: 'done' | 'refused' | 'failed' | 'unknown';
  status: number | null;
  requestId: string;
}

/** The fields of a row, in order. */
export const auditFields = ['at', 'key', 'role', 'address', 'what', 'id', 'outcome', 'status', 'requestId'] as const;

/** Reads the lines of an audit log, and counts those that are none, such as one that a full disk has cut off. */
export class AuditReader {
  private readonly byRequest = new Map<string, AuditRow>();
  unreadable = 0;

  /** One row for each request, in the order in which they came. */
  get rows(): AuditRow[] {
    return [...this.byRequest.values()];
  }

  read(text: string): void {
    if (text.trim() === '') return;
    const line = lineOf(text);
    if (line === undefined) this.unreadable += 1;
    else if (line.phase === 'asked') this.byRequest.set(line.requestId, rowOf(line));
    else this.complete(line);
  }

  private complete({ requestId, outcome, status, id }: z.infer<typeof answeredSchema>): void {
    const row = this.byRequest.get(requestId);
    // its first line is in the file before this one
    if (row !== undefined) Object.assign(row, { outcome, status, id: id ?? row.id });
  }
}

function rowOf({ at, key, role, address, what, id, requestId }: z.infer<typeof askedSchema>): AuditRow {
  return { at, key, role, address, what, id: id ?? null, outcome: 'unknown', status: null, requestId };
}

function lineOf(text: string): AuditLine | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
