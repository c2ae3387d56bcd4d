/** How many bytes a value has as JSON in UTF-8. Temporal's limits count these. */
export function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value ?? null)).length;
}
