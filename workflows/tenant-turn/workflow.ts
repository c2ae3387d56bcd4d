import { condition } from '@temporalio/workflow';

/** Keeps other runs from writing to a tenant. Does nothing: the server ends it together with the run that has the turn. */
export async function tenantTurn(): Promise<void> {
  await condition(() => false);
}
