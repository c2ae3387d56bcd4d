/** One path at which two orders differ. The values are JSON; `absent` means no value. */
export interface Difference {
  path: string;
  there: string;
  here: string;
}

/** Lists every path at which two orders differ, sorted by path. */
export function differences(there: unknown, here: unknown, path = ''): Difference[] {
  if (isRecord(there) && isRecord(here)) {
    const names = [...new Set([...Object.keys(there), ...Object.keys(here)])].sort();
    return names.flatMap((name) => differences(there[name], here[name], path === '' ? name : `${path}.${name}`));
  }
  const [old, fresh] = [text(there), text(here)];
  return old === fresh ? [] : [{ path, there: old, here: fresh }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
