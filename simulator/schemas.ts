import type { Field, Shape } from './strict.js';

const text: Field = { type: 'string' };
const flag: Field = { type: 'boolean' };
const whole: Field = { type: 'integer' };
const must = (field: Field): Field => ({ ...field, required: true });
const orNull = (field: Field): Field => ({ ...field, nullable: true });
const inside = (of: Shape): Field => ({ type: 'object', of });
const listOf = (of: Shape): Field => ({ type: 'array', of });
const object: Field = { type: 'object' };
const list: Field = { type: 'array' };

const contactFields = ['firstname', 'lastname', 'address1', 'address2', 'country', 'state', 'city', 'zipcode', 'phone'];
const contact: Shape = { email: text, ...Object.fromEntries(contactFields.map((name) => [name, orNull(text)])) };
const tenant: Shape = {
  name: text,
  kind: text,
  parent_id: text,
  contact: inside(contact),
  enabled: flag,
  customer_id: orNull(text),
  internal_tag: orNull(text),
  language: text,
  default_idp_id: text,
  update_lock: inside({ enabled: must(flag) }),
  ancestral_access: flag,
};
const user: Shape = {
  login: text,
  external_id: text,
  idp_id: text,
  contact: inside(contact),
  enabled: flag,
  language: text,
  notifications: list,
  disable_after: text,
};
const quota: Shape = { value: must(orNull(whole)), overage: must(orNull(whole)), version: must(whole) };
const item: Shape = {
  application_id: must(text),
  name: must(text),
  status: whole,
  infra_id: text,
  quota: inside(quota),
};
const policy: Shape = {
  id: text,
  version: whole,
  trustee_id: must(text),
  trustee_type: must(text),
  issuer_id: text,
  tenant_id: must(text),
  role_id: must(text),
};
const usage: Shape = {
  tenant_id: text,
  resource_id: text,
  usage_type: text,
  offering_item: text,
  infra_id: text,
  usage_value: must(whole),
};
const report: Shape = { level: text, kind: text, hide_zero_usage: flag, show_skus: flag };
const registration: Shape = { expires_in: must(whole), scopes: must(list) };
const plan: Shape = {
  subject: must(inside({ policy: must(listOf({ type: must(text), origin: must(text), enabled: must(flag) })) })),
  ignore_policy_and_tenant_ids: flag,
  override_tenant_id: text,
  ensure_applications: flag,
  disable_applications_on_conflict: flag,
  os_type: text,
};

/** What the vendor's published schemas allow in the body of a call. Other fields are forbidden on the first level. */
export const schemas: Record<string, Shape> = {
  'POST /tenants': {
    ...tenant,
    name: must(text),
    kind: must(text),
    parent_id: must(text),
    company_billing_contact: object,
    settings: inside({ enhanced_security: flag }),
  },
  'PUT /tenants/{id}': {
    ...tenant,
    version: must(whole),
    customer_type: text,
    brand_id: orNull(whole),
    external_operation_status: text,
  },
  'PUT /tenants/{id}/default_idp': { version: must(whole), idp_id: must(text), apply_to_children: must(flag) },
  'PUT /tenants/{id}/offering_items': { offering_items: must(listOf(item)), check_usage: flag },
  'PUT /tenants/usages': { items: must(listOf(usage)) },
  'PUT /tenants/{id}/edition': { target_edition: must(text), application_id: must(text) },
  'PUT /tenants/{id}/pricing': { version: must(whole), mode: text, currency: orNull(text) },
  'PUT /tenants/{id}/mfa/status': { enabled: must(flag) },
  'PUT /users/{id}/mfa/status': { enabled: must(flag) },
  'POST /users': {
    ...user,
    tenant_id: must(text),
    contact: inside({ ...contact, email: must(text) }),
    business_types: list,
    use_existing_identity: flag,
    origin_id: text,
    origin_external_id: text,
  },
  'PUT /users/{id}': { ...user, version: must(whole) },
  'PUT /users/{id}/access_policies': { items: must(listOf(policy)) },
  'POST /users/{id}/password': { password: must(text) },
  'POST /clients': {
    type: must(text),
    tenant_id: must(text),
    token_endpoint_auth_method: text,
    data: object,
    redirect_uris: list,
    origin_id: text,
  },
  'PUT /clients/{id}': { data: object, status: text, redirect_uris: list, origin_id: text },
  'POST /idp/ott': { purpose: must(text), login: text, external_id: text, user_id: text, audit_data: text },
  'POST /idp/ott/login': { ott: must(text) },
  'POST /tenants/{id}/registration_tokens': registration,
  'POST /reports': {
    parameters: must(inside({ ...report, tenant_id: must(text), formats: list, period: object })),
    schedule: must(inside({ type: must(text), enabled: flag })),
    result_action: must(text),
    recipients: list,
    generation_date: text,
  },
  'PUT /reports/{id}': { recipients: list, parameters: inside(report), schedule: inside({ enabled: must(flag) }) },
  'POST /api/policy_management/v4/policies': plan,
  'PUT /api/policy_management/v4/applications/run': { state: must(text), policy_id: must(text), context_ids: list },
};
