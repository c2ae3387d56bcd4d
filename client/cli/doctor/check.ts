/** The result of one check, and what to do about it. */
export interface Check {
  name: string;
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  message: string;
  remedy?: string;
}

export const ok = (name: string, message: string): Check => ({ name, state: 'ok', message });
export const skipped = (name: string, message: string): Check => ({ name, state: 'skipped', message });
export const warn = (name: string, message: string, remedy: string): Check => ({
  name,
  state: 'warn',
  message,
  remedy,
});
export const fail = (name: string, message: string, remedy: string): Check => ({
  name,
  state: 'fail',
  message,
  remedy,
});
