import { createHmac, timingSafeEqual } from 'node:crypto';
import { digestOf, type ApiKey } from '../../settings/api-keys.js';

/** How long a person stays logged in, in seconds. */
export const SESSION_S = 12 * 60 * 60;

/** A person who has logged in. */
export interface Session {
  key: ApiKey;
  /** What each form must send, so that no other page can send it. */
  formToken: string;
}

interface Parts {
  /** Known to the gateway alone: whoever reads the file of keys must not be able to make a session. */
  secret: string;
  keys(): readonly ApiKey[];
  now(): Date;
}

/** Sessions that are kept nowhere: the cookie proves itself, and dies with its key. */
export class Sessions {
  constructor(private readonly parts: Parts) {}

  /** The value of the cookie for whoever has this secret of a key; undefined when no key has it. */
  begin(secret: string): string | undefined {
    const digest = digestOf(secret);
    return this.beginFor(({ sha256 }) => sha256 === digest);
  }

  /** The same for the key of this name. */
  beginAs(keyName: string): string | undefined {
    return this.beginFor(({ name }) => name === keyName);
  }

  private beginFor(isMeant: (key: ApiKey) => boolean): string | undefined {
    const key = this.parts.keys().find(isMeant);
    if (key === undefined) return undefined;
    const said = `${key.name}.${Math.floor(this.parts.now().getTime() / 1000) + SESSION_S}`;
    return `${said}.${this.sign(key, 'session', said)}`;
  }

  /** The session of a cookie; undefined when it is not ours, is over, or its key counts no longer. */
  read(cookie: string | undefined): Session | undefined {
    const [, said, name, end, signature] = /^((.+)\.(\d{1,12}))\.([\w-]+)$/.exec(cookie ?? '') ?? [];
    if (said === undefined || signature === undefined) return undefined;
    const key = this.parts.keys().find((one) => one.name === name);
    if (key === undefined || !isSame(signature, this.sign(key, 'session', said))) return undefined;
    if (Number(end) * 1000 <= this.parts.now().getTime()) return undefined;
    return { key, formToken: this.sign(key, 'form', said) };
  }

  private sign({ sha256 }: ApiKey, purpose: 'session' | 'form', said: string): string {
    const ofKey = createHmac('sha256', this.parts.secret).update(sha256).digest();
    return createHmac('sha256', ofKey).update(`${purpose} ${said}`).digest('base64url');
  }
}

/** Takes the same time wherever two texts differ. */
export function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const COOKIE = 'tenantry';

/** Over TLS the browser keeps others from setting this cookie. */
export function cookieName(isSecure: boolean): string {
  return isSecure ? `__Host-${COOKIE}` : COOKIE;
}

/** The header that gives a browser its session, or takes it away. */
export function cookieHeader(value: string | undefined, isSecure: boolean): string {
  const age = value === undefined ? 0 : SESSION_S;
  const base = `${cookieName(isSecure)}=${value ?? ''}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict`;
  return isSecure ? `${base}; Secure` : base;
}

/** The value of our cookie in what a browser sends. */
export function cookieIn(header: string | undefined, isSecure: boolean): string | undefined {
  const name = cookieName(isSecure);
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}
