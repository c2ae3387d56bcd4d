import type { VNode } from 'preact';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from './assets.js';
import { formIn, type PageDoor } from './door.js';
import { sendScreen } from './frame.js';
import type { OneTimeLinks } from './one-time-links.js';
import type { Sessions } from './sessions.js';
import type { WrongKeys } from './wrong-keys.js';

interface LogInProps {
  /** Where the person wanted to go. */
  next: string;
  problem?: string;
}

/** All that a stranger sees. */
export function sendLogIn(reply: FastifyReply, status: number, props: LogInProps): FastifyReply {
  return sendScreen(reply, status, { title: 'Log in', body: <LogIn {...props} /> });
}

interface Parts {
  door: PageDoor;
  sessions: Sessions;
  wrongKeys: WrongKeys;
  links: OneTimeLinks;
}

/** Takes a link that works once, and gives a session for its key. */
export function addOneTimeLogIn(app: FastifyInstance, { door, sessions, links }: Omit<Parts, 'wrongKeys'>): void {
  app.get<{ Querystring: { once?: string | string[] } }>('/log-in', (request, reply) => {
    const { once } = request.query;
    if (once === undefined) return reply.redirect('/', 303);
    const keyName = typeof once === 'string' ? links.take(once) : undefined;
    const cookie = keyName === undefined ? undefined : sessions.beginAs(keyName);
    if (cookie === undefined) {
      const problem = 'This link was used already, or is older than ten minutes. Log in with the key.';
      return sendLogIn(reply, 401, { next: '/', problem });
    }
    door.setCookie(reply, cookie);
    return reply.redirect('/', 303);
  });
}

/** Takes a key, and gives a session for it. */
export function addLogIn(app: FastifyInstance, { door, sessions, wrongKeys }: Omit<Parts, 'links'>): void {
  app.post('/log-in', (request, reply) => {
    door.checkOrigin(request);
    const form = formIn(request);
    const next = ownPath(form.get('next'));
    const cookie = sessions.begin((form.get('key') ?? '').trim());
    if (cookie === undefined) {
      // behind a proxy all have one address, so wrong keys of others keep nobody out
      const wait = wrongKeys.waitOf(request.ip);
      if (wait > 0) {
        const problem = `Too many wrong keys came from your address. Try again in ${wait} seconds.`;
        return sendLogIn(reply.header('retry-after', String(wait)), 429, { next, problem });
      }
      wrongKeys.count(request.ip);
      const problem = 'This key is unknown, or it was revoked. Copy the whole key, from "tk_" to its end.';
      return sendLogIn(reply, 401, { next, problem });
    }
    door.setCookie(reply, cookie);
    return reply.redirect(next, 303);
  });
}

/** Where a request wanted to go, to go on there after the log-in. */
export function wanted({ method, url }: FastifyRequest): string {
  return method === 'GET' ? ownPath(url) : '/';
}

/** Only a path of this page: a link must not lead elsewhere after the log-in. */
function ownPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])[\x21-\x5B\x5D-\x7E]*$/.test(path) ? path : '/';
}

function LogIn({ next, problem }: LogInProps): VNode {
  return (
    <div class="log-in">
      <form method="post" action="/log-in" class="card">
        <img src={addressOf('icon.svg')} alt="" width="40" height="40" />
        <h1>Log in to Tenantry</h1>
        <p class="quiet">See what is going on with your customers, and help where a person is needed.</p>
        <input type="hidden" name="next" value={next} />
        <label for="key">Your API key</label>
        <input
          id="key"
          name="key"
          type="password"
          required
          autocomplete="current-password"
          spellcheck={false}
          {...(problem !== undefined && { 'aria-invalid': true, 'aria-describedby': 'key-problem' })}
        />
        {problem !== undefined && (
          <p id="key-problem" class="problem" role="alert">
            {problem}
          </p>
        )}
        <button type="submit">Log in</button>
        <p class="quiet small">
          No key? Ask the operator of Tenantry: <code>tenantry key create NAME --role decide</code>
        </p>
      </form>
    </div>
  );
}
