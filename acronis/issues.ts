import { z } from 'zod';
import type { Call } from './http.js';
import { readReply } from './reply.js';
import type { WireReply } from './wire.js';

export const issuesShape = z
  .array(z.object({ code: z.string() }))
  .nullish()
  .transform((issues) => (issues ?? []).map(({ code }) => code));

/** Codes of the vendor's warnings about a change to plans; none where it had nothing to say. */
export function readIssues(call: Call, reply: WireReply): string[] {
  return reply.text === '' ? [] : readReply(z.object({ issues: issuesShape }), call, reply).issues;
}
