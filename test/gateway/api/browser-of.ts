import { secretOf, type Api } from './door.js';

/** A browser without a script that visits the page of the same gateway. */
export function browserOf(api: Pick<Api, 'url'>) {
  /** What a browser without a script asks for. */
  async function ask(path: string, { cookie = '', fields }: { cookie?: string; fields?: Record<string, string> } = {}) {
    const reply = await fetch(`${api.url}${path}`, {
      redirect: 'manual',
      headers: { cookie, origin: api.url },
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
    });
    return { status: reply.status, headers: reply.headers, html: await reply.text() };
  }

  /** Logs in with a key. */
  async function logIn(key = 'mine'): Promise<{ cookie: string; formToken: string }> {
    const { headers } = await ask('/log-in', { fields: { key: secretOf(key) } });
    const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
    const { html } = await ask('/start', { cookie });
    return { cookie, formToken: /name="formToken" value="([^"]+)"/.exec(html)![1]! };
  }

  return { ask, logIn };
}
