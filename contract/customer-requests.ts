import type { DecisionRequest } from './decisions.js';
import type { Person } from './orders.js';

/** What a person can ask of a customer; each is the name of a Temporal Update. */
export const customerRequests = [
  'pause',
  'resume',
  'hold',
  'adopt',
  'release',
  'converge',
  'offboard',
  'move',
  'act',
] as const;
export type CustomerRequestName = (typeof customerRequests)[number];

/** The field of `notDone` that asks who becomes the administrator. */
export const ADMINISTRATOR = 'administrator';

/** The first user of a new customer; the plan says the login unless given. `none`: nobody can log in yet. */
export type NamedAdministrator = (Omit<Person, 'login'> & { login?: string }) | 'none';

/** What a person sends with a request. */
export interface CustomerRequest extends DecisionRequest {
  /** Of `pause` and `hold`: ISO 8601. */
  until?: string;
  /** Of `adopt`. */
  tenantId?: string;
  /** Of `converge`: fields of `different` to set, or of `notDone` to say yes to. */
  fields?: readonly string[];
  /** Of `converge`: create a tenant although one like it exists. */
  create?: boolean;
  /** Of `converge`: who becomes the administrator, where the plan asks a person. */
  administrator?: NamedAdministrator;
  /** Of `move`: the subscription as `<source>/<id>`. */
  subscription?: string;
  /** Of `move`: the reference of the customer that gets it. */
  to?: string;
  /** Of `act` and `converge`: the rollout that asks. Its own window limits the creation then, not the brake. */
  rollout?: string;
}

/** A request that was accepted. `at` is ISO 8601. */
export interface AcceptedRequest extends DecisionRequest {
  request: CustomerRequestName;
  /** True only if a worker has checked a proof of the actor. Absent in requests that an earlier version accepted. */
  verified?: boolean;
  at: string;
}
