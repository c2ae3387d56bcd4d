import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { Problem } from './problem.js';

const NAME = 'idempotency-key';

/** For the document; what is wrong with it is said by `idempotencyKeyOf`. */
export const idempotencyHeaders = z.looseObject({
  [NAME]: z
    .string()
    .optional()
    .describe('Your own name for this request, such as a UUID: sent again with the same body it gets the same answer'),
});

/** The key of a request, with or without the quotation marks of the draft. Fails as 400 when it cannot be used. */
export function idempotencyKeyOf({ [NAME]: given }: IncomingHttpHeaders): string | undefined {
  if (given === undefined) return undefined;
  const key = /^"?([\x21\x23-\x7e]{1,255}?)"?$/.exec(String(given).trim())?.[1];
  if (key !== undefined) return key;
  const message = 'must be 1 to 255 visible ASCII characters without quotation marks inside';
  throw new Problem(400, 'Unreadable', `The header Idempotency-Key ${message}.`, [
    { path: 'Idempotency-Key', message },
  ]);
}
