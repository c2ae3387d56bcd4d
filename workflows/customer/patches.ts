import { patched } from '@temporalio/workflow';

/** Customers of older releases decided about each patch when they first came to it. */
const DECIDES_AT_START = 'customer-decides-at-its-start';

/** All runs of a worker share the modules; what is global belongs to one run. */
const ofThisRun = globalThis as { tenantryCustomerIsNew?: boolean };

/**
 * Decides about all patches at once, before anything else. A patch that is first decided about after a look-up is not
 * safe: when somebody asks the run meanwhile, the SDK can put the rest of the workflow task into the next one, and a
 * replay does not know the patch yet where it needs it (docs/decisions/0049).
 */
export function decidePatches(): void {
  ofThisRun.tenantryCustomerIsNew = patched(DECIDES_AT_START);
}

/** Whether this run began with all patches. What is new since then needs a patch of its own. */
export function decidedAtStart(): boolean {
  return ofThisRun.tenantryCustomerIsNew === true;
}

/** Whether this run has what came with the patch. */
export function isPatched(patch: string): boolean {
  return decidedAtStart() || patched(patch);
}
