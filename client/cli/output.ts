import { ClientError, Exit, unreadable } from '../errors.js';

export function stdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function stderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Rows under headings, aligned. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Tells an error in one message, as JSON where asked, and says with which code to exit. */
export function report(error: unknown, json: boolean): number {
  const { message, problems, exitCode } = known(error);
  if (json) stdout(JSON.stringify({ error: { message, ...(problems.length > 0 ? { problems } : {}) } }));
  else stderr(message);
  return exitCode;
}

function known(error: unknown): ClientError {
  if (error instanceof ClientError) return error;
  const message = (error as Error).message ?? String(error);
  return (
    unreadable('This', error) ?? new ClientError(`Something went wrong inside Tenantry: ${message}`, Exit.internal)
  );
}

/** A reader that went away (`tenantry list | head`) is no error. */
export function tolerateClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(Exit.done);
    throw error;
  });
}
