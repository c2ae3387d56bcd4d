import type { Snapshot } from '../snapshot.js';
import type { Input } from '../subjects.js';
import type { InProcessSimulator } from '../../../simulator/index.js';
import { addUser } from './add-user.js';
import { offboardCustomer } from './offboard-customer.js';
import { changeEntitlement } from './change-entitlement.js';
import { createApiClient } from './api-clients.js';
import { enableBackupUser } from './enable-backup-user.js';
import { onboardCustomer } from './onboard-customer.js';
import { plans } from './plans.js';
import { produceReport } from './produce-report.js';
import { provisionCustomer } from './provision-customer.js';
import { provisionPartner } from './provision-partner.js';
import { resendActivation } from './resend-activation.js';
import { restoreCustomer } from './restore-customer.js';
import { tenantSwitches } from './tenant-switches.js';
import { updateContact } from './update-contact.js';
import { updatePartners } from './update-partners.js';

/** A run for the same key, before the one that is tested. */
export interface EarlierRun {
  /** Its order. Default: the same. */
  order?(input: Input): Input;
  /** The route of the call that the cloud refuses it; then it keeps what it has made. Default: it completes. */
  refused?: string;
}

/** What tests know about an operation. All of it is optional: the undisturbed run is the default expectation. */
export interface OperationModel {
  /** Other inputs to test, derived from the example. */
  variants?: Record<string, (example: Input) => Input>;
  /** Inputs for single plans, which neither the matrix nor chaos uses. */
  singleVariants?: Record<string, (example: Input) => Input>;
  /** The same input with short times, for a real server. */
  withShortTimes?(input: Input): Input;
  /** True: a run waits for minutes even when nothing goes wrong. */
  waitsForMinutes?: true;
  /** Creates what the input refers to. Default: the tenant that it names. */
  prepare?(world: InProcessSimulator['memory'], input: Input): void;
  /** Runs for the same key that a plan can begin with, by name. Default: one of the same order that completes. */
  earlier?: Readonly<Record<string, EarlierRun>>;
  /** True: a person is asked when somebody else has changed the tenant meanwhile. */
  asksWhenChanged?: true;
  /** A step that cannot be undone, or after which nothing can. A run that fails then or later ends with leftovers. */
  pointOfNoReturn?: string;
  /** A step whose effect looks like somebody else's when its answer is lost. A run that fails then names it. */
  ambiguous?: string;
  /** True: each run sends its mail, also when an earlier run of the key has sent one. */
  sendsAgain?: true;
  /** It removes its tenant with everything in it. */
  removes?: boolean;
  /** It disables its tenant. */
  switchesOff?: boolean;
  /** What stays if a step is skipped: the beginning of its label in a snapshot, by step. */
  leftWhenSkipped?: Readonly<Record<string, string>>;
  /** Refusals of a route that pass after some time. */
  waitsOut?: Readonly<Record<string, readonly number[]>>;
  /** A step for each of many tenants. It reports each outcome, and a cancelled run names those that are done. */
  forEach?: string;
  /** What must be new or different after the run. */
  expected?(input: Input, skipped: readonly string[], before: Snapshot): Snapshot;
}

export const models: Readonly<Record<string, OperationModel>> = {
  addUser,
  changeEntitlement,
  offboardCustomer,
  createApiClient,
  onboardCustomer,
  produceReport,
  provisionCustomer,
  provisionPartner,
  createResourceGroup: { ambiguous: 'ensureResourceGroup' },
  enableBackupUser,
  disableApplications: { pointOfNoReturn: 'disableApplication' },
  resendActivation,
  restoreCustomer,
  switchEdition: { ambiguous: 'switchEdition' },
  switchToProduction: { pointOfNoReturn: 'switchToProduction' },
  updateContact,
  updatePartners,
  ...plans,
  ...tenantSwitches,
};
