/** The Temporal workflow type of a turn; it is the child of the run that has the turn, and ends with it, however that ends. */
export const TENANT_TURN = 'tenantTurn';

/** One tenant has one turn at a time, because Temporal runs a workflow id once at a time. */
export function turnId(cloud: string, tenantId: string): string {
  return `${TENANT_TURN}:${cloud}:${tenantId}`;
}

/** A turn that is taken: which run of it that is, and for whom one waits. */
export interface Taken {
  runId: string;
  holder: string;
}
