import type { Snapshot } from '../snapshot.js';
import type { Input } from '../subjects.js';
import type { InProcessSimulator } from '../../../simulator/index.js';
import { addUser } from './add-user.js';
import { offboardCustomer } from './offboard-customer.js';
import { createApiClient } from './api-clients.js';
import { plans } from './plans.js';
import { produceReport } from './produce-report.js';
import { provisionCustomer } from './provision-customer.js';
import { restoreCustomer } from './restore-customer.js';
import { tenantSwitches } from './tenant-switches.js';
import { updatePartners } from './update-partners.js';

/** What is known of an operation apart from its code. Nothing of it is needed: then its undisturbed run is the measure. */
export interface OperationModel {
  /** Further inputs that are worth a trial, made from the example. */
  variants?: Record<string, (example: Input) => Input>;
  /** Inputs for single plans: neither the matrix nor chaos tries them. */
  singleVariants?: Record<string, (example: Input) => Input>;
  /** The same input for where days do not pass in no time. */
  withShortTimes?(input: Input): Input;
  /** Makes what the input speaks of; unless given, the tenant that it names. */
  prepare?(world: InProcessSimulator['memory'], input: Input): void;
  /** A step that cannot be taken back, or after which nothing else can: a run that fails then, or later, leaves what it names. */
  pointOfNoReturn?: string;
  /** A step whose work cannot be told from others' when its answer is lost: a run that fails then names it. */
  ambiguous?: string;
  /** Its tenant goes, with all that is in it. */
  removes?: boolean;
  /** Its tenant is switched off. */
  switchesOff?: boolean;
  /** What stays when people let a step be skipped, by how its label in a portrait begins. */
  leftWhenSkipped?: Readonly<Record<string, string>>;
  /** Refusals of a route that pass when they are waited out. */
  waitsOut?: Readonly<Record<string, readonly number[]>>;
  /** A step that is made for each of many: what becomes of one is its answer, and a run that is cancelled names those that it has done. */
  forEach?: string;
  /** What there must be afterwards that was not there before, or is otherwise now. */
  expected?(input: Input, skipped: readonly string[]): Snapshot;
}

export const models: Readonly<Record<string, OperationModel>> = {
  addUser,
  offboardCustomer,
  createApiClient,
  produceReport,
  provisionCustomer,
  enableBackupUser: { ambiguous: 'applyOfferingItems' },
  disableApplications: { pointOfNoReturn: 'disableApplication' },
  restoreCustomer,
  switchEdition: { ambiguous: 'switchEdition' },
  switchToProduction: { pointOfNoReturn: 'switchToProduction' },
  updatePartners,
  ...plans,
  ...tenantSwitches,
};
