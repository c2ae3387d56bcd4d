import { condition, isCancellation } from '@temporalio/workflow';

/** A lock on a tenant. It only waits: the server cancels it when the run that holds the turn closes for any reason. */
export async function tenantTurn(): Promise<void> {
  try {
    await condition(() => false);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
