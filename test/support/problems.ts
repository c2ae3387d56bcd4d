import { TenantryError } from '../../contract/errors.js';

/** A line for every problem with the settings that are read; none when they can be used. */
export function problemsOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}
