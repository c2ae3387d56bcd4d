import { CommanderError } from 'commander';
import stringWidth from 'string-width';
import { TenantryError } from '../../contract/errors.js';
import { explainDecryptionError } from '../../vault/encryption.js';
import { explainServiceError } from '../service-errors.js';
import { Exit, exitCodes } from './exit-codes.js';
import { explainError } from './remedies.js';

export function stdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function stderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Rows under headings, aligned by the columns that a terminal gives each character. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_heading, column) => Math.max(...lines.map((line) => stringWidth(line[column] ?? ''))));
  const padded = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell));
  return lines.map((line) => line.map(padded).join('  ').trimEnd()).join('\n');
}

/** Prints an error in one message, as JSON where asked: for programs with kind, type and exit code. Returns that code. */
export function report(error: unknown, json: boolean): number {
  const known = toTenantryError(error);
  const { kind, type, problems } = known;
  const [message, code] = [explainError(known), exitCodes[kind]];
  if (json)
    stdout(JSON.stringify({ error: { kind, type, code, message, ...(problems.length > 0 ? { problems } : {}) } }));
  else stderr(message);
  return code;
}

/** The exit code of a program that ends by an error. Prints it in one message, unless commander has. */
export function reportEnd(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.done : Exit.refused;
  return report(error, false);
}

/** Also an error that nobody has foreseen ends the program with one message, without a stack trace. */
export function reportUncaught(): void {
  process.on('uncaughtException', (error) => process.exit(report(error, false)));
}

function toTenantryError(error: unknown): TenantryError {
  if (error instanceof TenantryError) return error;
  const message = (error as Error).message ?? String(error);
  return (
    explainDecryptionError('This', error) ??
    explainServiceError('do this', error) ??
    new TenantryError('internal', `Something went wrong inside Tenantry: ${message}`)
  );
}

/** A reader that went away (`tenantry list | head`) is no error. */
export function tolerateClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(Exit.done);
    throw error;
  });
}
