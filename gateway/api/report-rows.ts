import { z } from 'zod';
import { MOST_ROWS, USUAL_ROWS } from '../../catalogue/look-ups.js';
import { artefactOf } from '../../client/kept-reports.js';
import { REPORT_ROWS } from '../../contract/questions.js';
import { askLookUp } from './asking.js';
import { mediaType } from './media-type.js';
import { keyOfRequest, needsAllOperations, problemAnswers, type ApiApp, type SharedParts } from './parts.js';
import { pageOfRowsSchema } from './schemas-of-answers.js';
import { sendRows } from './sent-rows.js';
import { partOf } from './tree/part-of-tree.js';

const query = z.strictObject({
  run: z.string().min(1).max(1000).describe('The id of a run of produceReport or offboardCustomer'),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `must be a whole number from 1 to ${MOST_ROWS}`)
    .refine((text) => Number(text) <= MOST_ROWS, `must be from 1 to ${MOST_ROWS}`)
    .optional()
    .describe(`At most so many rows on a page; ${USUAL_ROWS} unless given`),
  after: z.string().max(255).optional().describe('The "next" of the page before'),
});

/** The rows of a report that a run has kept, read by a worker. The file is the one that the run names, and no other. */
export function addReportRows(app: ApiApp, parts: SharedParts): void {
  const { client, taskQueue } = parts;
  app.get(
    '/v1/show/report',
    {
      preHandler: needsAllOperations('read'),
      schema: {
        operationId: 'showReport',
        summary: 'The rows of a report that a run has kept',
        description:
          'With "Accept: text/csv" the rows are CSV. The header "Link" names the next page in both forms. A worker reads the file.',
        querystring: query,
        response: { 200: pageOfRowsSchema, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const form = mediaType(request.headers.accept, ['application/json', 'text/csv']);
      const { run, limit, after } = request.query;
      await partOf(parts, keyOfRequest(request))?.checkRun(run);
      const artefact = await artefactOf(client, run, taskQueue);
      const asked = { artefact, ...cloudOf(run), ...(limit && { limit }), ...(after !== undefined && { after }) };
      const found = await askLookUp(parts, { lookUp: REPORT_ROWS, query: asked }, request.signal);
      const place = (next: string) => new URLSearchParams({ run, ...(limit && { limit }), after: next }).toString();
      return await sendRows(reply, form, found, (next) => `/v1/show/report?${place(next)}`);
    },
  );
}

/** A worker of a named cloud has its reports. */
function cloudOf(run: string): { cloud?: string } {
  const [, cloud, key] = run.split(':');
  return key === undefined ? {} : { cloud: cloud! };
}
