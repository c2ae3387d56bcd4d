/** The Temporal workflow type of a turn: a child of the run that has the turn. It ends when that run closes. */
export const TENANT_TURN = 'tenantTurn';

/** The workflow id of a turn. Temporal runs a workflow id once at a time, so a tenant has one turn at a time. */
export function turnId(cloud: string, tenantId: string): string {
  return `${TENANT_TURN}:${cloud}:${tenantId}`;
}

/** A turn that another run has: the run id of the turn, and the workflow id of the run that holds it. */
export interface Taken {
  runId: string;
  holder: string;
}
