import { z } from 'zod';
import type { Call } from './http.js';
import { readReply } from './reply.js';
import { absent } from './shapes.js';
import type { WireReply } from './wire.js';

const UNKNOWN = 'Unknown';

/** The code of a warning. One that has none counts all the same: somebody may have to accept it. */
export const warningCode = z
  .union([z.string().min(1), z.object({ code: z.string().min(1) }).transform(({ code }) => code)])
  .catch(UNKNOWN);

export const issuesShape = absent(z.array(warningCode)).transform((issues) => issues ?? []);

/** Codes of the vendor's warnings about a change to plans; none where it had nothing to say. */
export function readIssues(call: Call, reply: WireReply): string[] {
  return reply.text === '' ? [] : readReply(z.object({ issues: issuesShape }), call, reply).issues;
}
