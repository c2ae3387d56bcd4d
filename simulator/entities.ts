/** What the platform stores about a tenant, in the vendor's field names. */
export interface Tenant {
  id: string;
  numericId: number;
  version: number;
  name: string;
  kind: string;
  parent_id: string;
  customer_type: string;
  enabled: boolean;
  customer_id: string | null;
  internal_tag: string | null;
  language: string;
  default_idp_id: string;
  update_lock: { enabled: boolean; owner_id: string | null };
  ancestral_access: boolean;
  enhancedSecurity: boolean;
  external_operation_status: string | null;
  /** The user to whom a personal tenant belongs. */
  owner_id: string | null;
  contact: Record<string, unknown>;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  hiddenReads: number;
}

export interface User {
  id: string;
  version: number;
  tenant_id: string;
  login: string;
  activated: boolean;
  enabled: boolean;
  personal_tenant_id: string | null;
  contact: Record<string, unknown>;
  language: string;
  external_id: string | null;
  idp_id: string;
  origin_id: string | null;
  origin_external_id: string | null;
  disable_after: string | null;
  notifications: string[];
  business_types: string[];
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  password: string | null;
  /** The setting of this user; null means that the tenant's setting applies. */
  secondFactor: boolean | null;
  hiddenReads: number;
}

export interface Item {
  application_id: string;
  name: string;
  edition: string | null;
  usage_name: string;
  tenant_id: string;
  updated_at: string;
  deleted_at: string | null;
  status: number;
  locked: boolean;
  type: string;
  infra_id?: string;
  measurement_unit: string;
  quota?: { value: number | null; overage: number | null; version: number };
}

export interface Policy {
  id: string;
  issuer_id: string;
  trustee_id: string;
  trustee_type: string;
  tenant_id: string;
  role_id: string;
  version: number;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
}

export interface Pricing {
  mode: string;
  currency: string | null;
  production_start_date: string | null;
  version: number;
}

export interface Client {
  client_id: string;
  secret: string;
  tenant_id: string;
  type: string;
  token_endpoint_auth_method: string;
  data: Record<string, unknown>;
  status: string;
  origin_id: string | null;
  redirect_uris: string[];
  created_at: string;
  created_by: string;
  last_access_at: string | null;
  deleted: boolean;
  hiddenReads: number;
}

export interface Token {
  value: string;
  id: string;
  /** The tenant that the caller acts for. */
  tenantId: string;
  clientId?: string;
  userId?: string;
  expiresOn: number;
}

export interface Mail {
  userId: string;
  login: string;
  at: string;
}
