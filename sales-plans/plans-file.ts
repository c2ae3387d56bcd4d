import { z } from 'zod';
import { digest, tenantId, text } from '../catalogue/input.js';
import { language } from '../catalogue/new-tenant.js';
import { plainWords, unknownFields } from '../catalogue/wording.js';
import type { InputProblem } from '../contract/errors.js';
import { CLOUD_NAME } from '../contract/ids.js';
import type { Placement, PlanTerms, SaleRules } from '../contract/sales-plans.js';
import { amount } from './amount.js';
import { problemsAcross } from './file-problems.js';
import { protect } from './protect.js';
import { DEFAULT_RULES, rulesShape } from './rules.js';

const planName = /^[a-z0-9][a-z0-9-]{0,59}$/;

const quota = () =>
  z
    .strictObject({
      limit: amount().optional().describe('For the whole subscription'),
      perUnit: amount().optional().describe('For each unit sold'),
      overage: amount().optional().describe('How far the limit may be exceeded; for each unit beside perUnit'),
    })
    .refine(({ limit, perUnit }) => (limit === undefined) !== (perUnit === undefined), 'needs either limit or perUnit');

const placementShape = {
  cloud: z
    .string()
    .regex(CLOUD_NAME, 'must be the name of a cloud')
    .optional()
    .describe('The cloud for which the plan is: customers of a source with another cloud are not created'),
  parentTenantId: tenantId().optional().describe("The tenant above them; the API client's own tenant by default"),
  language: language(),
  infra: z.record(text(), tenantId()).describe('Which storage or site of each kind holds their data'),
  twoFactor: z.boolean().describe('Whether two-factor authentication is required of them'),
  administrator: z
    .enum(['contact', 'none', 'ask'], 'must be contact, none or ask')
    .describe('Who becomes the first administrator'),
  loginPattern: text().describe('The login of the administrator, from {email} and {ref}'),
};

const DEFAULT_PLACEMENT: Placement = {
  language: 'en',
  infra: {},
  twoFactor: true,
  administrator: 'contact',
  loginPattern: '{email}',
};

const sold = z.union(
  [
    text().transform((product) => ({ product, quantity: undefined })),
    z.strictObject({ product: text(), quantity: text().optional() }),
  ],
  'must be the id of a product, or {"product", "quantity"}',
);

const plan = () =>
  z
    .strictObject({
      offeringItems: z.array(text()).min(1).optional().describe('Items that the customer gets'),
      edition: text().optional().describe('Every item of this edition; added to offeringItems'),
      rank: z.int().min(-1000).max(1000).default(0).describe('Of two editions the plan with the higher rank counts'),
      quotas: z.record(text(), quota()).default({}).describe('By item; none means unlimited'),
      sold: z
        .record(text(40), z.array(sold).min(1).max(100))
        .default({})
        .describe('By source: the products or prices that mean this plan'),
      billingMode: z.enum(['trial', 'production'], 'must be trial or production').default('trial'),
      maxQuantity: z.int().min(1).optional().describe('More than this needs a yes'),
      protect: protect().optional(),
      retired: z.boolean().default(false).describe('True: not for new subscriptions'),
      rules: z.strictObject(rulesShape).partial().default({}).describe('Rules of this plan; each replaces a whole key'),
      ...z.object(placementShape).partial().shape,
    })
    .refine(({ offeringItems, edition }) => offeringItems !== undefined || edition !== undefined, {
      path: ['offeringItems'],
      message: 'is missing: a plan needs offeringItems, an edition, or both',
    });

/** The value of `plans.json`. */
const plansFileSchema = z.strictObject({
  defaults: z.strictObject(placementShape).partial().default({}).describe('Where new customers are created, and how'),
  plans: z.record(z.string().regex(planName, 'must be of 1 to 60 of a-z, 0-9 and -'), plan()),
  rules: z.strictObject(rulesShape).partial().default({}).describe('What happens when a subscription is not active'),
});

/** The JSON Schema of `plans.json`. */
export function plansSchema(): object {
  return z.toJSONSchema(plansFileSchema, { io: 'input' });
}

export type PlansFile = z.output<typeof plansFileSchema>;

/** A plan with everything that a file says about it. */
export interface SalesPlan extends PlanTerms {
  retired: boolean;
  /** By source: the products, and for each the path of its quantity if it is not the usual one. */
  sold: Readonly<Record<string, readonly { product: string; quantity?: string | undefined }[]>>;
  /** The part of the placement that the plan itself gives. A source's own placement stands between it and the defaults. */
  ownPlacement: Partial<Placement>;
}

export interface SalesPlans {
  plans: Readonly<Record<string, SalesPlan>>;
  unknownProduct: SaleRules['unknownProduct'];
}

/** Reads the value of `plans.json`, or names every problem with its path. */
export function readPlans(value: unknown): SalesPlans | { problems: InputProblem[] } {
  const parsed = plansFileSchema.safeParse(value, { error: plainWords });
  if (!parsed.success) return { problems: parsed.error.issues.flatMap((issue) => toProblems(issue, value)) };
  const problems = problemsAcross(parsed.data);
  if (problems.length > 0) return { problems };
  const entries = Object.entries(parsed.data.plans).map(([name, one]) => [name, toSalesPlan(name, one, parsed.data)]);
  const { unknownProduct = DEFAULT_RULES.unknownProduct } = parsed.data.rules;
  return { plans: Object.fromEntries(entries) as SalesPlans['plans'], unknownProduct };
}

function toSalesPlan(name: string, given: PlansFile['plans'][string], { defaults, rules }: PlansFile): SalesPlan {
  const {
    offeringItems = [],
    edition,
    rank,
    quotas,
    billingMode,
    maxQuantity,
    protect: protection,
    retired,
    sold: products,
    ...rest
  } = given;
  const { rules: ownRules, ...ownPlacement } = rest;
  const terms = plain({
    name,
    offeringItems: offeringItems.toSorted(),
    edition,
    rank,
    quotas,
    billingMode,
    maxQuantity,
    protect: protection,
    placement: { ...DEFAULT_PLACEMENT, ...plain(defaults), ...plain(ownPlacement) },
    rules: { ...DEFAULT_RULES, ...plain(rules), ...plain(ownRules) } as SaleRules,
  }) as Omit<PlanTerms, 'digest'>;
  return {
    ...terms,
    digest: digest(JSON.stringify(terms)),
    retired,
    sold: products,
    ownPlacement: plain(ownPlacement) as Partial<Placement>,
  };
}

function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function toProblems(issue: z.core.$ZodIssue, value: unknown): InputProblem[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') return unknownFields(issue);
  if (issue.code === 'invalid_key')
    return [{ path: path.join('.'), message: issue.issues[0]?.message ?? 'cannot be a name here' }];
  const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null)?.[key], value);
  const isMissing = given === undefined && issue.code !== 'custom';
  return [{ path: path.join('.') || 'plans', message: isMissing ? 'is missing' : issue.message }];
}
