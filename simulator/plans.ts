import type { Tenant } from './entities.js';
import { badRequest, forbidden, notFound, Refusal } from './errors.js';
import { isVisible } from './delays.js';
import { flag, required, type Call, type Json } from './router.js';
import { now, type World } from './world.js';

/** A policy as it was sent, with the fields that the platform adds. */
export type PlanPolicy = Json & { id: string; type: string; name: string; parent_ids?: string[] };

/** A plan is a root policy with others below it. */
export interface Plan {
  id: string;
  tenantId: string;
  /** The root first. */
  policies: PlanPolicy[];
  hiddenReads: number;
}

/** Creates a plan, or replaces the one with the same ids. */
export function savePlan(call: Call): Plan {
  const { world, body } = call;
  const subject = (body['subject'] ?? {}) as Json;
  const sent = subject['policy'];
  if (!Array.isArray(sent) || sent.length === 0) throw badRequest('field subject.policy is required');
  const tenant = tenantOf(call, subject, sent as Json[]);
  const fresh = flag(option(body, subject, 'ignore_policy_and_tenant_ids')) ?? false;
  const policies = (sent as Json[]).map((policy) => checked(world, tenant, policy));
  const given = policies.filter(({ id }) => id !== '').length;
  if (!fresh && given > 0 && given < policies.length) throw badRequest('either all policies have an id or none has');
  const plan = { id: '', tenantId: tenant.id, policies: fresh || given === 0 ? renumbered(world, policies) : policies };
  const root = plan.policies.find(({ parent_ids = [] }) => parent_ids.length === 0);
  if (root === undefined) throw badRequest('a plan needs a policy without parents');
  const before = world.plans.get(root.id);
  if (before !== undefined && before.tenantId !== tenant.id) throw forbidden('the plan belongs to another tenant');
  const ordered = [root, ...plan.policies.filter((policy) => policy !== root)];
  const saved: Plan = { ...plan, id: root.id, policies: ordered, hiddenReads: 0 };
  world.plans.set(saved.id, saved);
  world.createdByCall.push(saved);
  return saved;
}

/** The vendor's own script sends options inside `subject`; its schema has them next to it. */
function option(body: Json, subject: Json, name: string): unknown {
  return body[name] ?? subject[name];
}

/** Plans belong to customers and units, so a partner must name the tenant. */
function tenantOf({ world, body, caller }: Call, subject: Json, policies: readonly Json[]): Tenant {
  const override = option(body, subject, 'override_tenant_id');
  const named = typeof override === 'string' && override !== '' ? override : policies[0]!['tenant_id'];
  const text = typeof named === 'string' || typeof named === 'number' ? String(named) : '';
  const tenant = world.accessibleTenant(
    text === '' ? caller.tenantId : (world.byNumber(text)?.id ?? text),
    caller.tenantId,
  );
  if (!['customer', 'unit'].includes(tenant.kind)) throw forbidden(`plans do not belong to a ${tenant.kind}`);
  return tenant;
}

function checked(world: World, { numericId }: Tenant, policy: Json): PlanPolicy {
  const type = required(policy, 'type');
  if (flag(policy['enabled']) === undefined) throw badRequest('field enabled is required');
  if (policy['origin'] !== 'upstream') throw badRequest('origin must be upstream');
  if (type.startsWith('policy.backup.') && typeof policy['settings'] !== 'object')
    throw new Refusal(422, 'PolicySettingsNotSet', `settings of ${type} are not set`);
  const at = now();
  const id = typeof policy['id'] === 'string' ? policy['id'] : '';
  const before = world.plans.get(id)?.policies[0];
  const stamps = { created_at: before?.['created_at'] ?? at, updated_at: at };
  const name = typeof policy['name'] === 'string' ? policy['name'] : type;
  return { ...policy, id, type, name, enabled: flag(policy['enabled']), tenant_id: String(numericId), ...stamps };
}

function renumbered(world: World, policies: readonly PlanPolicy[]): PlanPolicy[] {
  const ids = new Map(policies.map(({ id }) => [id, world.newId()]));
  return policies.map((policy) => ({
    ...policy,
    id: policy.id === '' ? world.newId() : ids.get(policy.id)!,
    ...(policy.parent_ids === undefined ? {} : { parent_ids: policy.parent_ids.map((id) => ids.get(id) ?? id) }),
  }));
}

/** The plan that contains this policy. */
export function findPlan(call: Call, policyId: string): Plan {
  const plan = findAnyPlan(call, policyId);
  if (!isVisible(plan)) throw notFound('policy');
  return plan;
}

/** The same, also of one that is still hidden from reads. */
export function findAnyPlan({ world, caller }: Call, policyId: string): Plan {
  const plan = [...world.plans.values()].find(({ policies }) => policies.some(({ id }) => id === policyId));
  if (plan === undefined) throw notFound('policy');
  world.accessibleTenant(plan.tenantId, caller.tenantId);
  return plan;
}
