import type { Ripening } from './ripening.js';
import type { Untidy } from './untidy.js';

/** What may be told otherwise of the world at the start. */
export interface Fixture {
  rootName?: string;
  clientId?: string;
  clientSecret?: string;
  /** How many ordinary backup storages customers are offered; one unless given. */
  storages?: number;
  /** How many disaster-recovery sites there are; one, the Google one, unless given. */
  drSites?: number;
  /** How many storages of File Sync & Share; one unless given. */
  fileStorages?: number;
  tokenTtlSeconds?: number;
  /** False: several tenants may have one name. */
  uniqueNames?: boolean;
  /** True: refuse what the vendor's schema forbids, above all unknown fields and booleans as text. */
  strict?: boolean;
  /** For so long after it was made or changed, search does not find a thing. */
  searchLagMs?: number;
  /** What the dry run of a switch to an edition warns of. */
  editionWarnings?: Record<string, string[]>;
  /** More tenants directly below the root; those with an edition have every item of it. */
  tenants?: {
    name: string;
    id?: string;
    kind?: string;
    customer_id?: string;
    internal_tag?: string;
    edition?: string;
  }[];
  /** More users of the root tenant: logins that are taken. */
  users?: { login: string; email: string }[];
  /** How long it takes until a second factor that was switched off is no longer needed; no time unless given. */
  twoFactorOff?: Ripening;
  /** How long a report takes and how it ends (`saved` or `failed`); one look and `saved` unless given. */
  reports?: Ripening;
  /** How long a run of a plan takes and how it ends (`ok`, `warning`, `error`); one look and `ok` unless given. */
  runs?: Ripening;
  /** Many tenants below the root. */
  tree?: TreeSize;
  /** The cloud is not as tidy as the vendor's guide. */
  untidy?: Untidy | undefined;
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
  /** The edition whose items these tenants have; none unless given. */
  edition?: string;
}

/** What a program may write into a fixture file, and how. */
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
  tree: 'object',
  untidy: 'object',
};

/** Who the imitation knows when nobody says otherwise. */
export const defaults = {
  rootName: 'Tenantry Demo MSP',
  clientId: '0f5b1c1e-5c53-4c9a-9a0f-6c7c1d2e3f40',
  clientSecret: 'simulated-client-secret',
  login: 'demo.admin',
  password: 'simulated-password',
} as const;
