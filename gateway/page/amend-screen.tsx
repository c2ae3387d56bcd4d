import { isDeepStrictEqual } from 'node:util';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CatalogueEntry } from '../../catalogue/entry.js';
import { decide } from '../../client/decisions.js';
import { currentInput } from '../../client/inputs.js';
import { findOperation, readOrder } from '../../client/operations.js';
import { operationStatus } from '../../client/status.js';
import type { ApiKey } from '../../settings/api-keys.js';
import { checkRole } from '../api/access.js';
import { needsItsRun } from '../api/parts.js';
import { problemOf } from '../api/problem.js';
import { checkAmendment } from '../api/tree/start-within.js';
import { AmendView, InputView } from './amend.js';
import { checkReason } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen } from './frame.js';
import { checkReadable, readOrderForm, sheetOf, type OrderSheet } from './order-form.js';
import type { PageParts } from './parts.js';
import { sendTrouble } from './screens.js';
import { pathOfRun } from './words.js';

/** The form that gives a blocked run another input, and a screen that only shows the input. */
export function addAmending(app: FastifyInstance, parts: PageParts): void {
  const ofRun = { preHandler: needsItsRun(parts) };
  app.get('/runs/:id/input', ofRun, async (request, reply) => {
    const session = sessionIn(request);
    checkRole(session.key, 'read');
    const input = await currentInput(parts.client, idIn(request));
    return sendScreen(reply, 200, { title: 'Input', body: <InputView id={idIn(request)} input={input} />, session });
  });
  app.get('/runs/:id/amend', ofRun, async (request, reply) => {
    const session = sessionIn(request);
    const run = await readRun(parts, request);
    const { as } = request.query as { as?: string };
    const sheet = sheetFor(run.entry, await currentInput(parts.client, run.status.id), as);
    return sendScreen(reply, 200, {
      title: 'Amend',
      body: <AmendView {...run} sheet={sheet} session={session} />,
      session,
    });
  });
  app.post('/runs/:id/amend', ofRun, async (request, reply) => {
    const session = sessionIn(request);
    const run = await readRun(parts, request);
    const { problems, input, manner } = readOrderForm(run.entry, formIn(request));
    const reason = (formIn(request).get('reason') ?? '').trim();
    try {
      checkReadable(problems);
      readOrder(run.entry, input);
      checkReason(reason);
      await amend(parts, session.key, run.status.id, { reason, input });
      return await reply.redirect(pathOfRun(run.status.id), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500) return sendTrouble(request, reply, error as Error);
      const sheet = { manner, said: formIn(request), problems: problem.errors };
      const body = <AmendView {...run} sheet={sheet} session={session} problem={problem} reason={reason} />;
      return sendScreen(reply, problem.status, { title: 'Amend', body, session });
    }
  });
}

async function amend(parts: PageParts, key: ApiKey, id: string, said: { reason: string; input: unknown }) {
  await checkAmendment(parts, key, id, said.input);
  const request = { ...said, actor: key.name };
  await decide(parts.client, { id, choice: 'amend', request, taskQueue: parts.taskQueue, sign: parts.sign });
}

const idIn = ({ params }: FastifyRequest) => (params as { id: string }).id;

async function readRun({ client, taskQueue }: PageParts, request: FastifyRequest) {
  checkRole(sessionIn(request).key, 'decide');
  const status = await operationStatus(client, idIn(request), taskQueue);
  return { status, entry: findOperation(status.operation) };
}

/** The form where it can say the whole input; JSON where it cannot, or where somebody wants it. */
function sheetFor(entry: CatalogueEntry, input: unknown, wanted: string | undefined): OrderSheet {
  const sheet = sheetOf(entry, input, 'fields');
  const [now, said] = [entry.read(input), entry.read(readOrderForm(entry, sheet.said).input)];
  const saysAll = now.ok && said.ok && isDeepStrictEqual(now.order, said.order);
  return wanted === 'json' || !saysAll ? sheetOf(entry, input, 'json') : sheet;
}
