import { readFileSync } from 'node:fs';
import { ORDINARY_INFRA } from '../../simulator/index.js';
import type { OperationEnvironment } from './operation-environment.js';

export interface Order {
  customer: Record<string, unknown> & { name: string };
  administrator: Record<string, unknown> & { login: string; email: string };
  [field: string]: unknown;
}

let made = 0;
/** What every order says that names no items: where data lives, in a cloud with several storages. */
const place: { infra?: Record<string, string> } = {};

/** Lets orders name the first of several storages. */
export function namePlaces(): void {
  place.infra = { backup: ORDINARY_INFRA };
}

/** A valid order for a new customer, with `onFailure: "undo"`. A test gives only what matters to it. */
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
    ...('offeringItems' in fields || 'edition' in fields || 'infraId' in fields ? {} : place),
    ...fields,
  };
}

/** The same order for a customer without a user. */
export function withoutAdministrator({ administrator: _administrator, ...order }: Order): Omit<Order, 'administrator'> {
  return order;
}

/** The example input of an operation in `examples/`. */
export function exampleOf(operation: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../examples/${operation}.json`, import.meta.url), 'utf8'));
}

/** The business key of an order: the caller's own id of the customer. */
export const keyOf = (order: Order) => order.customer['customerId'] as string;
/** The workflow id of its run. */
export const workflowIdOf = (order: Order) => `provisionCustomer:${keyOf(order)}`;

/** Runs orders with a workflow id made of their key, and finds the tenants of a key. */
export function ordersByKey(env: OperationEnvironment) {
  return {
    provision: async (order: Order) => await env.provision(order, workflowIdOf(order)),
    tenantsOf: (order: Order) =>
      env.simulator.world.customers().filter(({ customer_id }) => customer_id === keyOf(order)),
  };
}
