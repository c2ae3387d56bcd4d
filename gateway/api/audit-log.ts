import { appendFile, open } from 'node:fs/promises';
import type { AuditLine } from '../../catalogue/audit-lines.js';
import { TenantryError } from '../../contract/errors.js';

/** Where it is written down who has changed what. */
export interface AuditLog {
  /** Resolves when the line is on the disk. Rejects when it cannot be written. */
  write(line: AuditLine): Promise<void>;
}

/** Writes nothing down. */
export const noAuditLog: AuditLog = { write: async () => await Promise.resolve() };

const NEW_LINE = '\n';

/**
 * A file to which lines of JSON are appended. Each line opens it again, so it may be moved away at any time. Fails as
 * `refused` when it cannot be written now.
 */
export async function openAuditLog(path: string | undefined): Promise<AuditLog> {
  if (path === undefined) return noAuditLog;
  try {
    return new AuditFile(path, await endsWithinLine(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new TenantryError(
      'refused',
      `TENANTRY_AUDIT_LOG: ${path} cannot be written: ${code ?? message}. Name a file that this user may write.`,
    );
  }
}

class AuditFile implements AuditLog {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly path: string,
    /** A killed process, or a full disk, may have left half a line. */
    private isTorn: boolean,
  ) {}

  async write(line: AuditLine): Promise<void> {
    const written = this.last.then(async () => await this.append(line));
    this.last = written.catch(() => undefined);
    await written;
  }

  private async append(line: AuditLine): Promise<void> {
    const text = `${this.isTorn ? NEW_LINE : ''}${JSON.stringify(line)}${NEW_LINE}`;
    this.isTorn = true;
    await appendFile(this.path, text, { mode: 0o600, flush: true });
    this.isTorn = false;
  }
}

/** Makes the file where there is none. */
async function endsWithinLine(path: string): Promise<boolean> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return bytesRead > 0 && buffer.toString() !== NEW_LINE;
  } finally {
    await file.close();
  }
}
