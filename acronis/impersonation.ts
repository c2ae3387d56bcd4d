import { z } from 'zod';
import type { Http } from './http.js';
import { meShape, type Me } from './me.js';
import { bySession } from './pass.js';
import { unreadable } from './reply.js';

const ANY_TYPE = '*/*';

/** The user to act as. */
export type Impersonated = { login: string } | { userId: string };

/** @see https://developer.acronis.com/doc/account-management/v2/reference/ (idp) */
export interface Impersonation {
  /**
   * Logs in as the user by a one-time token, asks who that is, and logs out again, also when the attempt is aborted in between. Neither
   * the token nor the session leaves this method. Safe to repeat. Fails with `forbidden` for a user that is not below us.
   */
  whoIs(user: Impersonated): Promise<Me>;
}

/** The calls that act as a user. */
export function createImpersonation(http: Http): Impersonation {
  async function logIn(user: Impersonated): Promise<string> {
    const who = 'login' in user ? user : { user_id: user.userId };
    const json = { purpose: 'user_login', ...who };
    const asking = { operation: 'impersonation.token', route: 'POST /idp/ott', json, looks: true };
    const { ott } = await http.read(asking, z.object({ ott: z.string().min(1) }));
    const route = 'POST /idp/ott/login';
    const call = { operation: 'impersonation.logIn', route, json: { ott }, secrets: [ott], looks: true };
    const reply = await http.send(call);
    if (reply.cookie === undefined) throw unreadable(call, reply, 'the answer sets no cookie');
    return reply.cookie;
  }

  async function logOut(cookie: string): Promise<void> {
    const call = { operation: 'impersonation.logOut', route: 'GET /idp/logout', accept: ANY_TYPE, afterAbort: true };
    // a session that is refused is over already
    await http.send({ ...call, pass: bySession(cookie), answers: [401] });
  }

  return {
    async whoIs(user) {
      const cookie = await logIn(user);
      const call = { operation: 'impersonation.whoIs', route: 'GET /users/me', pass: bySession(cookie) };
      let me: Me;
      try {
        me = await http.read(call, meShape);
      } catch (error) {
        // What went wrong first is told.
        await logOut(cookie).catch(() => undefined);
        throw error;
      }
      await logOut(cookie);
      return me;
    },
  };
}
