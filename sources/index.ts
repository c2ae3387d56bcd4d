import { chargebee } from './chargebee.js';
import { cloudEvents } from './cloudevents.js';
import { connectwise } from './connectwise.js';
import { hubspot } from './hubspot.js';
import type { SourceKind } from './kind.js';
import { standardWebhooks } from './standard-webhooks.js';
import { stripe } from './stripe.js';
import { whmcs } from './whmcs.js';

/** Every kind of sender, by its name in `sources.json`. */
export const sourceKinds = {
  stripe,
  chargebee,
  hubspot,
  connectwise,
  whmcs,
  'standard-webhooks': standardWebhooks,
  cloudevents: cloudEvents,
} as const satisfies Record<string, SourceKind>;

export type SourceKindName = keyof typeof sourceKinds;

/** The kind of a source that sends nothing: its customers come from files, by `tenantry import`. */
export const CSV = 'csv';
export type AnyKindName = SourceKindName | typeof CSV;
