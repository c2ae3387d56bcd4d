import { z } from 'zod';
import { planTemplates, type PlanTemplate } from '../contract/plan-templates.js';
import type { EveryOrder, TenantRef } from '../contract/orders.js';
import {
  PROTECT_CUSTOMER,
  type ProtectCustomerOrder,
  type ProtectionOrder,
} from '../workflows/protect-customer/contract.js';
import { backupFields, withTemplate } from './create-plan.js';
import type { CatalogueEntry } from './entry.js';
import { defaultSecretName, secretName, tokenLife, toSeconds } from './fields.js';
import { commonFields, createReader, duration, tenantKey, tenantRef, text } from './input.js';

const MOST_AGENTS = 1000;

/** A shorter one would fill the history of a run that goes on for months. */
const isLong = (words: string) => toSeconds(words) >= 3600;
const LONG = 'must be an hour at least';

/** The fields that say how machines are protected. */
export const protectionFields = () => ({
  template: z.enum(Object.keys(planTemplates) as [PlanTemplate]).default('workstations'),
  plan: text(100).optional().describe('Name of the plan; an existing plan of that name must be the same'),
  backup: backupFields().default({}).describe('What differs from the template'),
  agents: z.int().min(1).max(MOST_AGENTS).default(1).describe('How many machines must be protected'),
  remindAfter: duration()
    .refine(isLong, LONG)
    .default('7 days')
    .describe('How long nothing may happen before the operator is reminded'),
  tokenFor: tokenLife()
    .refine(isLong, LONG)
    .default('30 days')
    .describe('How long the token for the installer is valid; then another follows'),
  secret: secretName().optional().describe('Name of the token in the secret store'),
});

/** Protection before its defaults are filled in. */
export type GivenProtection = Pick<ProtectionOrder, 'template' | 'backup' | 'agents' | 'remindAfter'> & {
  plan?: string;
  tokenFor: string;
  secret?: string;
};

/** `key`: of the order, for the name of the token. */
export function toProtection({ plan, tokenFor, secret, ...given }: GivenProtection, key: string): ProtectionOrder {
  return {
    ...withTemplate(given),
    plan: plan ?? `Tenantry ${given.template}`,
    tokenSeconds: toSeconds(tokenFor),
    secret: secret ?? defaultSecretName('installer-token', key),
  };
}

const schema = z.strictObject({ tenant: tenantRef(), ...protectionFields(), ...commonFields });

type ParsedInput = EveryOrder & { tenant: TenantRef } & GivenProtection;

export const protectCustomerEntry: CatalogueEntry = {
  name: PROTECT_CUSTOMER,
  summary:
    'Protects the machines of a customer: a token for the installer, a plan, and the wait for the first backups.',
  schema,
  read: createReader<ProtectCustomerOrder>(schema, tenantKey, (given: ParsedInput) => {
    const { tokenFor: _tokenFor, ...order } = given;
    return { ...order, ...toProtection(given, tenantKey(given)) };
  }),
};
