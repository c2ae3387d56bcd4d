import { z } from 'zod';
import { createAccessPolicies, type AccessPolicies } from './access-policies.js';
import { contactShape, type NewContact } from './contact.js';
import type { Http } from './http.js';
import { meShape, type Me } from './me.js';
import { pages } from './paging.js';
import { byLogin, type Login } from './pass.js';
import { absent, anyId, deletedAt, guid } from './shapes.js';
import { agrees, isSameText, made, shown } from './shown.js';

const PAGE_LIMIT = 500;
/** The cloud itself may have changed a user that it has just made, but nobody else. */
const MOST_OWN_CHANGES = 1;

const userShape = z.object({
  id: guid,
  version: z.number().int(),
  tenant_id: guid,
  login: absent(z.string()).transform((login) => login ?? ''),
  activated: absent(z.boolean()),
  enabled: z.boolean(),
  personal_tenant_id: absent(anyId),
  external_id: absent(z.string()),
  origin_id: absent(z.string()),
  origin_external_id: absent(z.string()),
  language: absent(z.string()),
  mfa_status: absent(z.string()),
  created_at: absent(z.string()),
  updated_at: absent(z.string()),
  deleted_at: deletedAt,
  contact: absent(contactShape),
});

/** A user as the cloud tells it; fields it leaves out are null, a missing login is ''. */
export type User = z.output<typeof userShape>;

/** What a user is made with. Undefined fields are not sent. */
export interface NewUser {
  tenant_id: string;
  /** Unique in the whole platform. */
  login: string;
  contact: NewContact & { email: string };
  language?: string | undefined;
  enabled?: boolean | undefined;
  external_id?: string | undefined;
  origin_id?: string | undefined;
  origin_external_id?: string | undefined;
  notifications?: string[] | undefined;
  business_types?: string[] | undefined;
}

/** A change to a user. Fields left out stay as they are. */
export interface UserChange {
  version: number;
  login?: string | undefined;
  contact?: NewContact | undefined;
  enabled?: boolean | undefined;
  language?: string | undefined;
  external_id?: string | null | undefined;
  notifications?: string[] | undefined;
}

/** What `checkLogin` says of a login. */
export type LoginCheck = 'free' | 'taken' | 'unacceptable';

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (users) */
export interface Users extends AccessPolicies {
  /** Says whether a login could be used. Free is no promise: only the creation can tell. Safe to repeat. */
  checkLogin(login: string): Promise<LoginCheck>;
  /** Makes a user, without role or mail. Fails with `taken` when the login exists, so a repeat makes no second user. */
  create(fields: NewUser): Promise<User>;
  /** Who we are to the cloud, or the user whose login is given. Fails with `forbidden` when that is refused. Safe to repeat. */
  me(login?: Login): Promise<Me>;
  /** The user. Fails with `not-found`. */
  get(id: string): Promise<User>;
  /** Changes the fields given. Fails with `conflict` when `version` is stale. */
  update(id: string, change: UserChange): Promise<User>;
  /** Deletes a disabled user. Fails with `conflict` on a stale version; a repeat is `not-found`. */
  remove(id: string, version: number): Promise<void>;
  /**
   * Takes back a deletion, while the platform still can. Fails with `taken` when the login was taken meanwhile, unless `force` lets
   * the platform change it. With `enable` the user may log in again at once.
   */
  restore(id: string, options?: { force?: boolean | undefined; enable?: boolean | undefined }): Promise<void>;
  /** Walks through the users of a tenant and of all below it. Safe to repeat. */
  list(by: { tenantId: string }): AsyncIterable<User>;
  /** Has the activation mail sent. Each call sends one more mail. */
  sendActivationEmail(userId: string): Promise<void>;
  /** Sets the password and activates the user, in sub-tenants of the client's only. A repeat overwrites. */
  setPassword(userId: string, password: string): Promise<void>;
}

/** The calls on users. */
export function createUsers(http: Http): Users {
  return {
    ...createAccessPolicies(http),
    checkLogin: async (login) => checkLogin(http, login),
    create: async (fields) => {
      const call = { operation: 'users.create', route: 'POST /users', json: fields, creates: true };
      const user = await http.read(call, userShape);
      const own = made(call, user, identity(fields, user), { makesMore: isRenamed(fields, user) });
      return shown(call, own, own.enabled === (fields.enabled ?? true));
    },
    me: async (login) =>
      http.read({ operation: 'users.me', route: 'GET /users/me', ...(login && { pass: byLogin(login) }) }, meShape),
    get: async (id) => http.read({ operation: 'users.get', route: 'GET /users/{id}', id }, userShape),
    update: async (id, change) => {
      const call = { operation: 'users.update', route: 'PUT /users/{id}', id, json: change };
      const user = await http.read(call, userShape);
      return shown(call, user, agrees(change.enabled, user.enabled));
    },
    async remove(id, version) {
      await http.send({
        operation: 'users.remove',
        success: [204],
        route: 'DELETE /users/{id}',
        id,
        query: { version },
      });
    },
    async restore(id, query = {}) {
      await http.send({
        operation: 'users.restore',
        success: [204],
        route: 'POST /users/{id}/restore',
        id,
        query,
        creates: true,
      });
    },
    list: ({ tenantId }) => {
      const query = { subtree_root_tenant_id: tenantId, limit: PAGE_LIMIT };
      return pages(http, { operation: 'users.list', route: 'GET /users', query }, userShape);
    },
    async sendActivationEmail(id) {
      const route = 'POST /users/{id}/send-activation-email';
      await http.send({ operation: 'users.sendActivationEmail', success: [204], route, id, json: {} });
    },
    async setPassword(id, password) {
      const call = { operation: 'users.setPassword', success: [204], route: 'POST /users/{id}/password', id };
      await http.send({ ...call, json: { password }, secrets: [password] });
    },
  };
}

/** By what a new user is known, and which of it is as it was sent. */
function identity(sent: NewUser, user: User): Record<string, boolean> {
  return {
    login: isSameText(sent.login, user.login),
    tenant_id: isSameText(sent.tenant_id, user.tenant_id),
    email: isSameText(sent.contact.email, user.contact?.email),
    external_id: isSameText(sent.external_id, user.external_id),
    activated: !user.activated,
    version: user.version <= 1 + MOST_OWN_CHANGES,
    deleted_at: user.deleted_at === null,
  };
}

/** True when it is what was sent under another login: then the login is still free, and each try makes one more. */
function isRenamed(sent: NewUser, user: User): boolean {
  const { login, ...others } = identity(sent, user);
  return login === false && user.contact?.email != null && Object.values(others).every(Boolean);
}

async function checkLogin(http: Http, login: string): Promise<LoginCheck> {
  const call = {
    operation: 'users.checkLogin',
    success: [204],
    route: 'GET /users/check_login',
    query: { username: login },
  };
  const { status } = await http.send({ ...call, answers: [406, 409] });
  if (status === 409) return 'taken';
  return status === 406 ? 'unacceptable' : 'free';
}
