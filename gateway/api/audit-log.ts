import type { AuditLine } from '../../catalogue/audit-lines.js';
import { TenantryError } from '../../contract/errors.js';
import { AppendedLines } from '../../vault/index.js';

/** Where it is written down who has changed what. */
export interface AuditLog {
  /** Resolves when the line is on the disk. Rejects when it cannot be written. */
  write(line: AuditLine): Promise<void>;
}

/** Writes nothing down. */
export const noAuditLog: AuditLog = { write: async () => await Promise.resolve() };

/**
 * A file to which lines of JSON are appended. Each line opens it again, so it may be moved away at any time. Fails as
 * `refused` when it cannot be written now.
 */
export async function openAuditLog(path: string | undefined): Promise<AuditLog> {
  if (path === undefined) return noAuditLog;
  try {
    return await AppendedLines.open(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new TenantryError(
      'refused',
      `TENANTRY_AUDIT_LOG: ${path} cannot be written: ${code ?? message}. Name a file that this user may write.`,
    );
  }
}
