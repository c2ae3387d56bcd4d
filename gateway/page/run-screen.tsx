import type { FastifyInstance, FastifyRequest } from 'fastify';
import { cancelRun, decide } from '../../client/decisions.js';
import { readerOfRun } from '../../client/readings.js';
import { operationStatus } from '../../client/status.js';
import { choices, type Choice } from '../../contract/decisions.js';
import type { OperationStatus } from '../../contract/status.js';
import { checkRole } from '../api/access.js';
import { needsItsRun } from '../api/parts.js';
import { problemOf } from '../api/problem.js';
import { addAmending } from './amend-screen.js';
import { checkReason, NotTaken, type Refused } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import type { PageParts } from './parts.js';
import { RunView, type NamedRun } from './run.js';
import { addScreen, sendTrouble } from './screens.js';
import { pathOfRun } from './words.js';

const idIn = ({ params }: FastifyRequest) => (params as { id: string }).id;

/** A run: its steps as they go on, and the decisions. */
export function addRunScreen(app: FastifyInstance, parts: PageParts): void {
  const { client, taskQueue } = parts;
  const draw = (request: FastifyRequest, run: NamedRun, refused?: Refused): Screen => ({
    title: `${run.status.state === 'blocked' ? '(!) ' : ''}${run.subject} ${run.status.state}`,
    body: <RunView {...run} session={sessionIn(request)} refused={refused} />,
  });
  const named = async (status: OperationStatus) => ({ status, subject: await parts.subjects.of(status) });
  const read = async (request: FastifyRequest) => await named(await operationStatus(client, idIn(request), taskQueue));
  addScreen<NamedRun>(app, parts, {
    path: '/runs/:id',
    check: needsItsRun(parts),
    nameOf: idIn,
    read,
    reader: (request) => {
      const next = readerOfRun(client, idIn(request), taskQueue);
      return async () => {
        const reading = await next();
        return reading && { ...reading, status: await named(reading.status) };
      };
    },
    draw,
  });
  const drawRefused = async (request: FastifyRequest, refused: Refused) => draw(request, await read(request), refused);
  for (const choice of [...choices.filter((one) => one !== 'amend'), 'cancel' as const])
    addChoice(app, parts, { choice, draw: drawRefused });
  addAmending(app, parts);
}

interface ChoiceRoute {
  choice: Exclude<Choice, 'amend'> | 'cancel';
  draw(request: FastifyRequest, refused: Refused): Promise<Screen>;
}

function addChoice(app: FastifyInstance, parts: PageParts, { choice, draw }: ChoiceRoute): void {
  const path = `/runs/:id/${choice}`;
  // whoever loads the answer to a refused decision again
  app.get(path, (request, reply) => reply.redirect(pathOfRun(idIn(request)), 303));
  app.post(path, { preHandler: needsItsRun(parts) }, async (request, reply) => {
    const [id, session] = [idIn(request), sessionIn(request)];
    checkRole(session.key, choice === 'cancel' ? 'operate' : 'decide');
    const reason = (formIn(request).get('reason') ?? '').trim();
    try {
      await act(parts, { id, choice, reason, session });
      return await reply.redirect(pathOfRun(id), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500 || problem.status === 404) return sendTrouble(request, reply, error as Error);
      const refused = { choice, reason, message: problem.message };
      const stream = `/live${pathOfRun(id)}`;
      const notice = <NotTaken refused={refused} />;
      return sendScreen(reply, problem.status, { ...(await draw(request, refused)), session, stream, notice });
    }
  });
}

interface Act {
  id: string;
  choice: ChoiceRoute['choice'];
  reason: string;
  session: ReturnType<typeof sessionIn>;
}

async function act(
  { client, taskQueue, sign }: PageParts,
  { id, choice, reason, session: { key } }: Act,
): Promise<void> {
  checkReason(reason);
  const request = { reason, actor: key.name };
  if (choice === 'cancel') await cancelRun(client, id, request, sign);
  else await decide(client, { id, choice, request, taskQueue, sign });
}
