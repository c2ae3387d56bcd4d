import { condition, isCancellation } from '@temporalio/workflow';

/** Keeps other runs from writing to a tenant. Does nothing: the server asks it to end when the run that has the turn has closed, however it did. */
export async function tenantTurn(): Promise<void> {
  try {
    await condition(() => false);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}
