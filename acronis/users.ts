import { z } from 'zod';
import { createAccessPolicies } from './access-policies.js';
import { contactShape, type NewContact } from './contact.js';
import type { HttpClient } from './http-client.js';
import { pages } from './paging.js';
import { optional, anyId, deletedAt, guid, time } from './shapes.js';
import {
  isConsistent,
  isSameText,
  confirmAsked,
  confirmCreation,
  confirmChange,
  type Comparison,
} from './confirmation.js';

const PAGE_LIMIT = 500;
/** The cloud itself may change a user that it has just created, but nobody else does. */
const MAX_CHANGES_BY_CLOUD = 1;

const userShape = z.object({
  id: guid,
  version: z.number().int(),
  tenant_id: guid,
  login: optional(z.string()).transform((login) => login ?? ''),
  activated: optional(z.boolean()),
  enabled: z.boolean(),
  personal_tenant_id: optional(anyId),
  external_id: optional(z.string()),
  origin_id: optional(z.string()),
  origin_external_id: optional(z.string()),
  language: optional(z.string()),
  mfa_status: optional(z.string()),
  created_at: optional(time),
  updated_at: optional(time),
  deleted_at: deletedAt,
  contact: optional(contactShape),
});

export const ownIdentityShape = z.object({
  id: anyId,
  tenant_id: guid,
  login: optional(z.string()),
  personal_tenant_id: optional(anyId),
  tenant_kind: optional(z.string()),
});

/** The identity of the caller: a user, or an API client, which has no login. */
export type OwnIdentity = z.output<typeof ownIdentityShape>;

/** A user as the cloud returns it; missing fields are null, a missing login is ''. */
export type User = z.output<typeof userShape>;

/** The fields of a new user. Undefined fields are not sent. */
export interface NewUser {
  tenant_id: string;
  /** Unique on the whole platform. */
  login: string;
  contact: NewContact & { email: string };
  language?: string | undefined;
}

/** A change to a user. Fields left out stay as they are. */
export interface UserChange {
  version: number;
  login?: string | undefined;
  contact?: NewContact | undefined;
  language?: string | undefined;
  enabled?: boolean | undefined;
}

/** The result of `checkLogin`. */
export type LoginCheck = 'free' | 'taken' | 'unacceptable';

/**
 * The calls for users.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (users)
 */
export function createUsers(http: HttpClient) {
  return {
    ...createAccessPolicies(http),
    /** Checks whether a login could be used. `free` is no guarantee: only the creation is certain. Safe to repeat. */
    checkLogin: async (login: string): Promise<LoginCheck> => checkLogin(http, login),
    /**
     * Creates a user, without role or mail. Fails with `taken` when the login exists, so a repeat creates no second user.
     */
    create: async (fields: NewUser): Promise<User> => createUser(http, fields),
    /** The user. Fails with `not-found`. */
    get: async (id: string): Promise<User> => {
      const call = { operation: 'users.get', route: 'GET /users/{id}', id };
      const user = await http.read(call, userShape);
      return confirmAsked(call, user, { id: isSameText(id, user.id) });
    },
    /** Changes the given fields. Fails with `conflict` when `version` is stale. */
    update: async (id: string, change: UserChange): Promise<User> => {
      const call = { operation: 'users.update', route: 'PUT /users/{id}', id, json: change };
      const user = await http.read(call, userShape);
      confirmAsked(call, user, { id: isSameText(id, user.id) });
      const hasContact = isSameText(change.contact?.email, user.contact?.email);
      return confirmChange(call, user, hasContact && isConsistent(change.enabled, user.enabled));
    },
    /** Deletes a disabled user. Fails with `conflict` on a stale version; a repeat is `not-found`. */
    async remove(id: string, version: number): Promise<void> {
      const call = { operation: 'users.remove', route: 'DELETE /users/{id}', id };
      await http.send({ ...call, successStatuses: [204], query: { version } });
    },
    /**
     * Lists the users of a tenant and of all tenants below it, page by page. A row does not show whether its tenant is
     * below, so the rows are not compared: callers compare `tenant_id` or the login. Safe to repeat.
     */
    list: ({ tenantId }: { tenantId: string }): AsyncIterable<User> => {
      const query = { subtree_root_tenant_id: tenantId, limit: PAGE_LIMIT };
      return pages(http, { operation: 'users.list', route: 'GET /users', query }, userShape);
    },
    ...createActivation(http),
  };
}

function createActivation(http: HttpClient) {
  return {
    /** Sends the activation mail. Each call sends another. */
    async sendActivationEmail(id: string): Promise<void> {
      const route = 'POST /users/{id}/send-activation-email';
      await http.send({ operation: 'users.sendActivationEmail', successStatuses: [204], route, id, json: {} });
    },
    /** Sets the password and activates the user; only in tenants below the client's own. A repeat overwrites. */
    async setPassword(id: string, password: string): Promise<void> {
      const call = { operation: 'users.setPassword', successStatuses: [204], route: 'POST /users/{id}/password', id };
      await http.send({ ...call, json: { password }, secrets: [password] });
    },
  };
}

/** The fields that identify a new user, and whether the answer has them as sent. */
function compareIdentity(sent: NewUser, user: User): Comparison {
  return {
    login: isSameText(sent.login, user.login),
    tenant_id: isSameText(sent.tenant_id, user.tenant_id),
    email: isSameText(sent.contact.email, user.contact?.email),
    activated: !user.activated,
    version: user.version <= 1 + MAX_CHANGES_BY_CLOUD,
    deleted_at: user.deleted_at === null,
  };
}

/**
 * Whether the cloud created the user under another login: then the login is still free, and each retry creates another
 * user.
 */
function isRenamed(sent: NewUser, user: User): boolean {
  const { login, ...others } = compareIdentity(sent, user);
  return login === false && user.contact?.email != null && Object.values(others).every(Boolean);
}

async function createUser(http: HttpClient, fields: NewUser): Promise<User> {
  const call = { operation: 'users.create', route: 'POST /users', json: fields, creates: true };
  const user = await http.read(call, userShape);
  confirmCreation(call, user, compareIdentity(fields, user), { makesMore: isRenamed(fields, user) });
  return confirmChange(call, user, user.enabled);
}

async function checkLogin(http: HttpClient, login: string): Promise<LoginCheck> {
  const call = {
    operation: 'users.checkLogin',
    successStatuses: [204],
    route: 'GET /users/check_login',
    query: { username: login },
  };
  const { status } = await http.send({ ...call, expectedStatuses: [406, 409] });
  if (status === 409) return 'taken';
  return status === 406 ? 'unacceptable' : 'free';
}
