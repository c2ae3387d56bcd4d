import { readFileSync } from 'node:fs';

interface Order {
  customer: Record<string, unknown> & { name: string };
  administrator: Record<string, unknown> & { login: string; email: string };
  [field: string]: unknown;
}

let made = 0;

/** A valid order for a customer of its own, undone at once when it fails; only what matters to a test is given. */
export function anOrder({
  customer = {},
  administrator = {},
  ...fields
}: Partial<Record<string, object | string | boolean>> = {}): Order {
  made += 1;
  const key = `customer-${process.pid}-${made}`;
  return {
    customer: { name: `${key}, Inc`, customerId: key, ...(customer as object) },
    administrator: { login: `admin-${key}`, email: `${key}@example.com`, ...(administrator as object) },
    onFailure: 'undo',
    ...fields,
  };
}

/** The example of an operation that the repository ships. */
export function exampleOf(operation: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../examples/${operation}.json`, import.meta.url), 'utf8'));
}
