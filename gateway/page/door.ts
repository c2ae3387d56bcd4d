import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../api/problem.js';
import { TOKEN_FIELD } from './pieces.js';
import { cookieHeader, cookieIn, isSame, type Session, type Sessions } from './sessions.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who has logged in at the page. */
    session: Session | null;
  }
}

interface Parts {
  sessions: Sessions;
  /** The address under which browsers reach the gateway. */
  publicUrl(): string;
}

/** Knows who is logged in, and whether a form comes from the page itself. */
export class PageDoor {
  constructor(private readonly parts: Parts) {}

  /** Over TLS the cookie is sent only so. Only the setting says so: a header can say anything. */
  private get isSecure(): boolean {
    return this.parts.publicUrl().startsWith('https://');
  }

  sessionOf({ headers }: FastifyRequest): Session | undefined {
    return this.parts.sessions.read(cookieIn(headers.cookie, this.isSecure));
  }

  setCookie(reply: FastifyReply, value: string | undefined): void {
    void reply.header('set-cookie', cookieHeader(value, this.isSecure));
  }

  /** Fails as 403 when a form was sent by another page than ours. */
  checkOrigin({ headers }: FastifyRequest): void {
    const origin = URL.canParse(headers.origin ?? '') ? new URL(headers.origin!) : undefined;
    if (origin !== undefined && origin.host === headers.host) return;
    // a proxy may have changed the host
    if (origin !== undefined && origin.origin === new URL(this.parts.publicUrl()).origin) return;
    throw new Problem(403, 'Forbidden', 'This form was sent by another page. Open this page again and send it here.');
  }

  /** The same, and when it lacks the token of the session. */
  checkForm(request: FastifyRequest, { formToken }: Session): void {
    this.checkOrigin(request);
    const given = request.body instanceof URLSearchParams ? request.body.get(TOKEN_FIELD) : null;
    if (isSame(given ?? '', formToken)) return;
    throw new Problem(
      403,
      'Forbidden',
      'This form belongs to an earlier log-in. Open the page again and send it once more.',
    );
  }
}

/** The session of a request that has passed the door of the page. */
export function sessionIn({ session }: FastifyRequest): Session {
  if (session === null) throw new Error('A route of the page has no door.');
  return session;
}

/** What a form has sent. */
export function formIn({ body }: FastifyRequest): URLSearchParams {
  return body instanceof URLSearchParams ? body : new URLSearchParams();
}
