/** Names every place in which two orders differ, with both values, in the order of the paths. */
export function differences(there: unknown, here: unknown, path = ''): string[] {
  if (isRecord(there) && isRecord(here)) {
    const names = [...new Set([...Object.keys(there), ...Object.keys(here)])].sort();
    return names.flatMap((name) => differences(there[name], here[name], path === '' ? name : `${path}.${name}`));
  }
  const [old, fresh] = [text(there), text(here)];
  return old === fresh ? [] : [`${path} is ${old} there and ${fresh} here`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
