const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'this process may not read it',
};

/** Why a file cannot be read, as the end of a sentence that names it. */
export function whyUnreadable({ code = '', message }: NodeJS.ErrnoException): string {
  return `cannot be read: ${reasons[code] ?? (code || message)}`;
}
