import { DEFAULT_CLOUD } from '../../contract/ids.js';
import type { WhoMustAct } from '../../contract/view.js';

/** A name of the code as people read it: `provisionCustomer` is "Provision customer". */
export function inWords(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a run is about, by its id alone. */
export function keyOf({ id, operation }: { id: string; operation: string }): string {
  const key = id.startsWith(`${operation}:`) ? id.slice(operation.length + 1) : id;
  return key.replaceAll(/~20/g, ' ') || id;
}

export function pathOfRun(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** Where a customer is, or what is asked of it; the default cloud is not named. */
export function pathOfCustomer(ref: string, cloud?: string, request?: string): string {
  const path = `/customers/${encodeURIComponent(ref)}${request === undefined ? '' : `/${request}`}`;
  return cloud === undefined || cloud === DEFAULT_CLOUD ? path : `${path}?cloud=${cloud}`;
}

/** What a look-up says about a tenant. */
export function pathOfLookUp(name: string, tenant: string): string {
  return `/look-ups/${name}?${new URLSearchParams({ tenant }).toString()}`;
}

/** Where one decision is taken for all runs that are blocked for this cause. */
export function pathOfCause({ type, step }: { type: string; step: string }): string {
  return `/cause?${new URLSearchParams({ type, step }).toString()}`;
}

/** The brake of a cloud; the default one is not named. */
export function pathOfBrake(cloud: string): string {
  return cloud === DEFAULT_CLOUD ? '/brake' : `/brake?cloud=${encodeURIComponent(cloud)}`;
}

export const whoMustActWords: Readonly<Record<WhoMustAct, string>> = {
  operator: 'A person must act',
  vendor: 'The cloud must come back; nobody here has to act',
  nobody: 'Nobody has to act',
};
