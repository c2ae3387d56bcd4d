import type { SimulatorProcess } from '../simulator-process.js';

/** A customer as the simulated vendor has it. */
export interface FoundCustomer {
  id: string;
  name: string;
  customerId: string | null;
  enabled: boolean;
  email?: string;
  twoFactor: boolean;
  /** Those that are on. */
  items: string[];
  /** By item; an item without a limit is absent. */
  limits: Record<string, number>;
  users: { login: string; roles: string[]; mails: number }[];
}

/** The customers at the vendor, by their contract number; more than one of a number is a fault. */
export type FoundCustomers = ReadonlyMap<string, readonly FoundCustomer[]>;

export async function findCustomers(simulator: SimulatorProcess): Promise<FoundCustomers> {
  return byReference(await simulator.control<FoundCustomer[]>('GET', 'customers'));
}

export function byReference(all: readonly FoundCustomer[]): FoundCustomers {
  const found = new Map<string, FoundCustomer[]>();
  for (const one of all) {
    const ref = one.customerId ?? '';
    found.set(ref, [...(found.get(ref) ?? []), one]);
  }
  return found;
}
