import type { Delay } from './delays.js';
import type { MachineScript } from './machine-scripts.js';
import type { UntidyOptions } from './untidy.js';

/** What can be set about the world at the start. */
export interface Fixture {
  rootName?: string;
  clientId?: string;
  clientSecret?: string;
  /** How many ordinary backup storages customers are offered. Default: one. */
  storages?: number;
  /** How many disaster-recovery sites there are. Default: one, Google's. */
  drSites?: number;
  /** How many storages of File Sync & Share there are. Default: one. */
  fileStorages?: number;
  tokenTtlSeconds?: number;
  /** False: several tenants may have one name. */
  uniqueNames?: boolean;
  /** True: refuse what the vendor's schema forbids, such as unknown fields and booleans as text. */
  strict?: boolean;
  /** How long search does not find an object after it was created or changed, in milliseconds. */
  searchLagMs?: number;
  /** Warnings of the dry run of an edition switch, by edition. */
  editionWarnings?: Record<string, string[]>;
  /** More tenants directly below the root. Those with an edition have every item of it. */
  tenants?: {
    name: string;
    id?: string;
    kind?: string;
    customer_id?: string;
    internal_tag?: string;
    edition?: string;
  }[];
  /** More users, whose logins are taken: of the root tenant, or of the tenant of that name. */
  users?: { login: string; email: string; tenant?: string }[];
  /** How long it takes to switch the second factor off. Default: no time. */
  twoFactorOff?: Delay;
  /** How long a report takes and how it ends (`saved` or `failed`). Default: one read, `saved`. */
  reports?: Delay;
  /** How long a run of a plan takes and how it ends (`ok`, `warning`, `error`). Default: one read, `ok`. */
  runs?: Delay;
  /** True: an applied plan backs up its machines at the times of its schedule, while they are online. */
  scheduledBackups?: boolean;
  /** Machines that install themselves once a registration token has been issued. */
  machines?: MachineScript[];
  /** Many tenants below the root. */
  tree?: TreeSize;
  /** How the cloud differs from the vendor's guide. */
  untidy?: UntidyOptions | undefined;
}

/** Partners below the root, customers below each of them, and so on. */
export interface TreeSize {
  partners: number;
  customers?: number;
  units?: number;
  /** In each customer. */
  users?: number;
  /** In each customer, with an agent on each. */
  machines?: number;
  /** The edition whose items these tenants have. Default: none. */
  edition?: string;
}

/** The fields of a fixture file, with their types. */
export const fixtureFields: Record<keyof Fixture, 'string' | 'number' | 'boolean' | 'object'> = {
  rootName: 'string',
  clientId: 'string',
  clientSecret: 'string',
  storages: 'number',
  drSites: 'number',
  fileStorages: 'number',
  tokenTtlSeconds: 'number',
  uniqueNames: 'boolean',
  strict: 'boolean',
  searchLagMs: 'number',
  editionWarnings: 'object',
  tenants: 'object',
  users: 'object',
  twoFactorOff: 'object',
  reports: 'object',
  runs: 'object',
  scheduledBackups: 'boolean',
  machines: 'object',
  tree: 'object',
  untidy: 'object',
};

/** Names and credentials that apply if the fixture has none. */
export const defaultAccount = {
  rootName: 'Tenantry Demo MSP',
  clientId: '0f5b1c1e-5c53-4c9a-9a0f-6c7c1d2e3f40',
  clientSecret: 'simulated-client-secret',
  login: 'demo.admin',
  password: 'simulated-password',
} as const;
