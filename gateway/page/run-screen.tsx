import type { FastifyInstance, FastifyRequest } from 'fastify';
import { cancelRun, decide } from '../../client/decisions.js';
import { operationStatus } from '../../client/status.js';
import { choices, type Choice } from '../../contract/decisions.js';
import { hasEnded, type OperationStatus } from '../../contract/status.js';
import { checkRole } from '../api/access.js';
import { needsItsRun } from '../api/parts.js';
import { problemOf } from '../api/problem.js';
import { addAmending } from './amend-screen.js';
import { checkReason, type Refused } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import type { PageParts } from './parts.js';
import { Recent } from './recent.js';
import { RunView } from './run.js';
import { addScreen, sendTrouble } from './screens.js';
import { pathOfRun, subjectOf } from './words.js';

const FRESH_MS = 400;

type RunRoute = { Params: { id: string } };
const idIn = ({ params }: FastifyRequest) => (params as RunRoute['Params']).id;

/** A run: its steps as they go on, and the decisions. */
export function addRunScreen(app: FastifyInstance, parts: PageParts): void {
  const { client, taskQueue } = parts;
  const statuses = new Recent<OperationStatus>(FRESH_MS);
  const read = async (id: string) => await statuses.get(id, async () => await operationStatus(client, id, taskQueue));
  const checkRun = needsItsRun(parts);
  const draw = async (request: FastifyRequest, refused?: Refused): Promise<Screen> => {
    await checkRun(request);
    const status = await read(idIn(request));
    const isBlocked = status.state === 'blocked';
    return {
      title: `${isBlocked ? '(!) ' : ''}${subjectOf(status)} ${status.state}`,
      body: <RunView status={status} session={sessionIn(request)} refused={refused} />,
      isOver: hasEnded(status),
    };
  };
  addScreen(app, parts, { path: '/runs/:id', draw });
  for (const choice of [...choices.filter((one) => one !== 'amend'), 'cancel' as const])
    addChoice(app, parts, { choice, draw });
  addAmending(app, parts);
}

interface ChoiceRoute {
  choice: Exclude<Choice, 'amend'> | 'cancel';
  draw(request: FastifyRequest, refused?: Refused): Promise<Screen>;
}

function addChoice(app: FastifyInstance, parts: PageParts, { choice, draw }: ChoiceRoute): void {
  const path = `/runs/:id/${choice}`;
  // whoever loads the answer to a refused decision again
  app.get(path, (request, reply) => reply.redirect(pathOfRun(idIn(request)), 303));
  app.post(path, { preHandler: needsItsRun(parts) }, async (request, reply) => {
    const [id, session] = [idIn(request), sessionIn(request)];
    const reason = (formIn(request).get('reason') ?? '').trim();
    try {
      await act(parts, { id, choice, reason, session });
      return await reply.redirect(pathOfRun(id), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500 || problem.status === 404) return sendTrouble(request, reply, error as Error);
      const refused = { choice, reason, message: problem.message };
      const stream = `/live${pathOfRun(id)}`;
      return sendScreen(reply, problem.status, { ...(await draw(request, refused)), session, stream });
    }
  });
}

interface Act {
  id: string;
  choice: ChoiceRoute['choice'];
  reason: string;
  session: ReturnType<typeof sessionIn>;
}

async function act({ client, taskQueue }: PageParts, { id, choice, reason, session: { key } }: Act): Promise<void> {
  checkRole(key, choice === 'cancel' ? 'operate' : 'decide');
  checkReason(reason);
  const request = { reason, actor: key.name };
  if (choice === 'cancel') await cancelRun(client, id, request);
  else await decide(client, { id, choice, request, taskQueue });
}
