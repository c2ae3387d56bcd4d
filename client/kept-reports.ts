import type { Client } from '@temporalio/client';
import { TenantryError } from '../contract/errors.js';
import type { KeptReport } from '../workflows/produce-report/contract.js';
import { operationStatus } from './status.js';

/** The artefact in which a run has stored its report. Refused for a run that has kept none. */
export async function artefactOf(client: Client, id: string, taskQueue: string): Promise<string> {
  const status = await operationStatus(client, id, taskQueue);
  const { report } = status as { report?: KeptReport };
  if (report !== undefined) return report.artefact;
  throw new TenantryError('refused', `${id} is ${status.state} and has kept no report.`);
}
