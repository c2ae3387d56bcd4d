import { z } from 'zod';
import { confirmAsked, isSameText } from './confirmation.js';
import type { HttpClient } from './http-client.js';
import { ownIdentityShape, type OwnIdentity } from './users.js';
import { sessionCookie } from './credentials.js';
import { unreadableError } from './response.js';

const ANY_TYPE = '*/*';

/** The user to act as. */
export type Impersonated = { login: string } | { userId: string };

/**
 * The calls that act as a user.
 * @see https://developer.acronis.com/doc/account-management/v2/reference/ (idp)
 */
export function createImpersonation(http: HttpClient) {
  async function logIn(user: Impersonated): Promise<string> {
    const who = 'login' in user ? user : { user_id: user.userId };
    const json = { purpose: 'user_login', ...who };
    const tokenCall = { operation: 'impersonation.token', route: 'POST /idp/ott', json, readOnly: true };
    const { ott } = await http.read(tokenCall, z.object({ ott: z.string().min(1) }));
    const route = 'POST /idp/ott/login';
    const call = { operation: 'impersonation.logIn', route, json: { ott }, secrets: [ott], readOnly: true };
    const response = await http.send(call);
    if (response.cookie === undefined) throw unreadableError(call, response, 'the answer sets no cookie');
    return response.cookie;
  }

  async function logOut(cookie: string): Promise<void> {
    const call = { operation: 'impersonation.logOut', route: 'GET /idp/logout', accept: ANY_TYPE, ignoreAbort: true };
    // a session that is refused has already ended
    await http.send({ ...call, credentials: sessionCookie(cookie), expectedStatuses: [401] });
  }

  return {
    /**
     * Logs in as the user with a one-time token, reads who that is, and logs out, also when the attempt is aborted in
     * between. Neither the token nor the session leaves this method. Safe to repeat. Fails with `forbidden` for a user
     * that is not below us.
     */
    async whoIs(user: Impersonated): Promise<OwnIdentity> {
      const cookie = await logIn(user);
      const call = { operation: 'impersonation.whoIs', route: 'GET /users/me', credentials: sessionCookie(cookie) };
      let me: OwnIdentity;
      try {
        me = await http.read(call, ownIdentityShape);
        confirmAsked(
          call,
          me,
          'login' in user ? { login: isSameText(user.login, me.login) } : { id: isSameText(user.userId, me.id) },
        );
      } catch (error) {
        // report the first error, not that of the logout
        await logOut(cookie).catch(() => undefined);
        throw error;
      }
      await logOut(cookie);
      return me;
    },
  };
}
