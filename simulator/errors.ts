/** A refusal in the platform's own form. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: number | string,
    message: string,
    readonly context: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The error body of account management. */
  body(): unknown {
    const { code, message, context } = this;
    return { error: { code, domain: 'PlatformAccountServer', message, details: { info: message }, context } };
  }
}

/** A refusal of the token endpoint, whose body is flat. */
export class TokenRefusal extends Refusal {
  override body(): unknown {
    return { error: this.code, error_description: this.message, domain: 'Access', reason: 'InvalidClient' };
  }
}

export const badRequest = (message: string, code: number = 400) => new Refusal(400, code, message);
export const unauthorized = () => new Refusal(401, 401, 'Unauthorized');
export const forbidden = (message = 'access denied') => new Refusal(403, 1002, message);
export const notFound = (what = 'object') => new Refusal(404, what === 'tenant' ? 1005 : 404, `${what} not found`);
export const staleVersion = (sent: number, stored: number, status = 409) =>
  new Refusal(status, 1001, `object version mismatch: got ${sent}, current is ${stored}`);
