import { readerOfRun } from '../../client/readings.js';
import type { OperationStatus } from '../../contract/status.js';
import { needs, needsItsRun, problemAnswers, runParams, type ApiApp, type ApiParts } from './parts.js';
import { statusSchema } from './schemas.js';
import type { Streams } from './streams/streams.js';
import { Watches } from './streams/watches.js';

/** Says what a stream of events is, for the document. */
export const streamDescription =
  'Server-Sent Events. Each `message` is the status: first the present one, then whenever it changes. While it cannot be ' +
  'read, an event `unavailable` has the problem, and the stream goes on. After an event `end` nothing changes any more. ' +
  'A stream that ends without it was cut off: open it again.';

/** What a key with the role `read` hears of a run. */
export function addStreaming(app: ApiApp, parts: ApiParts, streams: Streams): void {
  const { client, taskQueue } = parts;
  const watches = new Watches<OperationStatus>();
  app.get(
    '/v1/operations/:id/stream',
    {
      exposeHeadRoute: false,
      preHandler: [needs('read'), needsItsRun(parts)],
      schema: {
        operationId: 'streamOperation',
        summary: 'The status of a run whenever it changes, until it ends',
        description: streamDescription,
        params: runParams,
        response: {
          200: { description: 'The events', content: { 'text/event-stream': { schema: statusSchema } } },
          ...problemAnswers,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const reader = () => readerOfRun(client, id, taskQueue);
      return await streams.serve(request, reply, (leaving) => watches.join(id, reader, leaving));
    },
  );
}
