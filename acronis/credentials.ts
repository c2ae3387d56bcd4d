/** What authenticates a call. It goes into the headers; none of its secrets goes into an error. */
export interface Credentials {
  headers: { authorization: string } | { cookie: string };
  secrets: readonly string[];
}

/** A user's own login. It cannot carry a second factor. */
export interface Login {
  login: string;
  password: string;
}

/** An access token. */
export function bearerToken(token: string): Credentials {
  return { headers: { authorization: `Bearer ${token}` }, secrets: [token] };
}

/** Name and password of a user, or id and secret of an API client. */
export function basicAuth({ login, password }: Login): Credentials {
  const encoded = Buffer.from(`${login}:${password}`).toString('base64');
  return { headers: { authorization: `Basic ${encoded}` }, secrets: [password, encoded] };
}

/** The cookies of a session. */
export function sessionCookie(cookie: string): Credentials {
  const values = cookie.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1));
  return { headers: { cookie }, secrets: values };
}
