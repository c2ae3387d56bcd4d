import type { Tenant, User } from './entities.js';
import type { Json } from './router.js';
import { inWholeSeconds, withoutZone } from './times.js';
import type { World } from './world.js';

export const BRAND = '9a0b5f0e-6d1c-4e0b-8c5b-2f4d1f0a7c31';

/** A tenant as the platform shows it. */
export function tenantView(world: World, tenant: Tenant): Json {
  const { numericId: _numericId, hiddenReads: _hidden, enhancedSecurity: _enhanced, ...shown } = tenant;
  const pricing = world.pricing.get(tenant.id);
  return {
    ...shown,
    contact: contactView(tenant),
    contacts: [],
    created_at: withoutZone(tenant.created_at),
    updated_at: withoutZone(tenant.updated_at),
    deleted_at: tenant.deleted_at && withoutZone(tenant.deleted_at),
    brand_id: 1,
    brand_uuid: BRAND,
    brand_enabled: false,
    barrier: world.barrier(tenant),
    has_children: world.children(tenant.id).length > 0,
    mfa_status: world.twoFactorOf(tenant),
    pricing_mode: pricing?.mode,
    production_start_date: pricing?.production_start_date,
  };
}

/** A user as the platform shows it. */
export function userView(world: World, user: User): Json {
  const { password: _password, hiddenReads: _hidden, secondFactor: _second, ...shown } = user;
  return {
    ...shown,
    contact: contactView(user),
    created_at: inWholeSeconds(user.created_at),
    updated_at: inWholeSeconds(user.updated_at),
    deleted_at: user.deleted_at && inWholeSeconds(user.deleted_at),
    mfa_status: world.needsSecondFactor(user) ? 'setup_required' : 'disabled',
    session_mfa_status: 'passed_or_not_required',
    terms_accepted: false,
    external_operation_status: null,
  };
}

/** The fields of an object that a level of detail includes; all of them if there is no such level. */
export function shortened(shown: Json, kept: readonly string[] | undefined): Json {
  return kept === undefined ? shown : Object.fromEntries(kept.map((field) => [field, shown[field]]));
}

const blank = {
  types: [],
  email: '',
  firstname: null,
  lastname: null,
  address1: null,
  address2: null,
  country: null,
  state: null,
  city: null,
  zipcode: null,
  phone: null,
  title: null,
  website: null,
  industry: null,
  organization_size: null,
  email_confirmed: null,
  aan: null,
  fax: null,
  language: null,
};

/** The contact of a tenant or a user, with all fields. */
function contactView({ id, contact, created_at, updated_at }: Tenant | User): Json {
  return { ...blank, ...contact, id, created_at: inWholeSeconds(created_at), updated_at: inWholeSeconds(updated_at) };
}
