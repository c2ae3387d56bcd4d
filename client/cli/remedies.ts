import { NEW_CREDENTIALS } from '../../contract/cloud-trouble.js';
import { commandFor } from '../../contract/commands.js';
import type { Remedy, TenantryError } from '../../contract/errors.js';

const SAME_KEYS = 'Give workers and command line the same TENANTRY_CODEC_KEYS, the workers first.';

type Sentences = { readonly [Do in Remedy['do']]: (remedy: Extract<Remedy, { do: Do }>) => string };

/** What a person at the command line can do. */
const sentences: Sentences = {
  listRuns: () => '"tenantry list" shows those there are.',
  setUp: () => 'Run "tenantry setup", or set TEMPORAL_NAMESPACE.',
  startTemporal: () => 'Start one with "tenantry engine", or set TEMPORAL_ADDRESS.',
  startWorker: () => 'Start one with "tenantry worker"; the run goes on then.',
  alignKeys: () => SAME_KEYS,
  shareKeys: () => `${SAME_KEYS} The run goes on then.`,
  readWorkerLog: () => "The worker's log says more. The run goes on once that is fixed.",
  renewCredentials: () => `Give ${NEW_CREDENTIALS}.`,
  checkClouds: () => '"tenantry doctor" checks each cloud.',
  correctSettings: ({ how }) => how,
  nameRun: ({ id }) => `A run is named OPERATION:KEY; "tenantry customer ${id}" shows the runs for a customer.`,
  showBrake: ({ cloud }) => `"tenantry brake status --cloud ${cloud}" shows it.`,
  showRollout: ({ id }) => `"tenantry rollout status ${id}" shows it.`,
  showCustomer: ({ ref }) => `"tenantry customer ${ref}" shows it.`,
  askStatus: ({ id }) => `"${commandFor(id, 'status')}" shows whether the decision was accepted.`,
};

/** Remedies in words; empty when there are none. */
export function remedyText({ remedies }: Pick<TenantryError, 'remedies'>): string {
  return remedies.map((remedy) => sentences[remedy.do](remedy as never)).join(' ');
}

/** What is wrong and what to do about it, in one message. */
export function explainError(error: TenantryError): string {
  return [error.message, remedyText(error)].filter((part) => part !== '').join(' ');
}
