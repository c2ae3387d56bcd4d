import { CommanderError } from 'commander';
import { TenantryError } from '../../contract/errors.js';
import { Exit, exitCodes } from './exit-codes.js';
import { explainError } from './remedies.js';
import { textFor } from './printable.js';

/** Prints text on standard output, without characters that could steer the terminal. */
export function stdout(text: string): void {
  print(process.stdout, text);
}

/** Prints text on standard error, without characters that could steer the terminal. */
export function stderr(text: string): void {
  print(process.stderr, text);
}

/** Prints text on a stream. Everything that this program prints goes through here, or is redrawn with `textFor`. */
export function print(stream: NodeJS.WriteStream, text: string, end = '\n'): void {
  stream.write(textFor(stream, text + end));
}

/** Shows how things are after a request was accepted. The request counts, whether or not they can be shown. */
export async function showState(read: () => Promise<string | undefined>): Promise<void> {
  try {
    const text = await read();
    if (text !== undefined) stdout(text);
  } catch (error) {
    stderr(`How it is now cannot be shown: ${explainError(await toTenantryError(error))}`);
  }
}

/** Prints an error in one message, as JSON where asked: for programs with kind, type and exit code. Returns that code. */
export async function report(error: unknown, json: boolean): Promise<number> {
  const known = await toTenantryError(error);
  const { kind, type, problems } = known;
  const [message, code] = [explainError(known), exitCodes[kind]];
  if (json)
    stdout(JSON.stringify({ error: { kind, type, code, message, ...(problems.length > 0 ? { problems } : {}) } }));
  else stderr(message);
  return code;
}

/** The exit code of a program that ends by an error. Prints it in one message, unless commander has. */
export async function reportEnd(error: unknown): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.done : Exit.refused;
  return await report(error, false);
}

/** Also an error that nobody has foreseen ends the program with one message, without a stack trace. */
export function reportUncaught(): void {
  const end = async (error: unknown) => process.exit(await report(error, false));
  process.on('uncaughtException', (error) => void end(error));
}

/** Loads what explains errors of Temporal only now: a command that ends well does without. */
async function toTenantryError(error: unknown): Promise<TenantryError> {
  if (error instanceof TenantryError) return error;
  const { explainDecryptionError } = await import('../../vault/encryption.js');
  const { explainServiceError } = await import('../service-errors.js');
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
