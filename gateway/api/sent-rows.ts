import type { FastifyReply } from 'fastify';
import { toCsv } from '../../client/rows-as-csv.js';
import type { LookUpPage } from '../../contract/questions.js';

/** Sends a page of rows as JSON or CSV, and says where the next one is. */
export async function sendRows(
  reply: FastifyReply,
  form: string,
  { fields, rows, next, note }: LookUpPage,
  placeOf: (next: string) => string,
): Promise<never> {
  if (next !== undefined) void reply.header('link', `<${placeOf(next)}>; rel="next"`);
  if (form === 'text/csv')
    return await reply
      .type('text/csv; charset=utf-8')
      .serializer(String)
      .send(`${toCsv(fields, rows)}\n` as never);
  return { items: rows, ...(next !== undefined && { next }), ...(note !== undefined && { note }) } as never;
}
