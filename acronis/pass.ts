/** What lets a call in. It goes into the headers; none of its secrets goes into an error. */
export interface Pass {
  headers: { authorization: string } | { cookie: string };
  secrets: readonly string[];
}

/** A user's own login. It cannot carry a second factor. */
export interface Login {
  login: string;
  password: string;
}

/** Lets in by an access token. */
export function byToken(token: string): Pass {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

/** Lets in by name and password: a user's, or an API client's. */
export function byLogin({ login, password }: Login): Pass {
  const encoded = Buffer.from(`${login}:${password}`).toString('base64');
  return { headers: { authorization: `Basic ${encoded}` }, secrets: [password, encoded] };
}

/** Lets in by a session's cookies. */
export function bySession(cookie: string): Pass {
  const values = cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1));
  return { headers: { cookie }, secrets: values };
}
