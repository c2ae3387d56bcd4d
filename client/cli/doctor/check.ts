/** The result of one check, and what to do about it. */
export interface Check {
  name: string;
  state: 'ok' | 'warn' | 'fail' | 'skipped';
  message: string;
  remedy?: string;
}

const fine = (state: 'ok' | 'skipped') => (name: string, message: string) => ({ name, state, message });
const wrong = (state: 'warn' | 'fail') => (name: string, message: string, remedy: string) => ({
  name,
  state,
  message,
  remedy,
});

export const ok = fine('ok');
export const skipped = fine('skipped');
export const warn = wrong('warn');
export const fail = wrong('fail');
