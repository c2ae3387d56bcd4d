import type { AnyKindName } from '../index.js';
import { chargebeeApi } from './chargebee.js';
import { connectwiseApi } from './connectwise.js';
import { hubspotApi } from './hubspot.js';
import type { SourceApi } from './source-api.js';
import { stripeApi } from './stripe.js';

/** How the truth is read, for each kind of sender that has an API for it. */
export const sourceApis: Readonly<Partial<Record<AnyKindName, SourceApi>>> = {
  stripe: stripeApi,
  chargebee: chargebeeApi,
  hubspot: hubspotApi,
  connectwise: connectwiseApi,
};
