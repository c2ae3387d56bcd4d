import { Webhook } from 'standardwebhooks';

/** Why a text cannot sign webhooks; undefined when it can. The problem never holds the text. */
export function signingSecretProblem(secret: string): string | undefined {
  try {
    void new Webhook(secret);
    return secret.length >= 24 ? undefined : REMEDY;
  } catch {
    return REMEDY;
  }
}

const REMEDY = 'must be "whsec_" and at least 24 base64 characters';
