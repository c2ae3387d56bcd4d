import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { choicesForAll, MOST_DECIDED, type Cause, type ChoiceForAll } from '../../client/cause-decisions.js';
import type { ListedRun } from '../../client/list.js';
import { operationStatus } from '../../client/status.js';
import { TenantryError } from '../../contract/errors.js';
import { checkRole } from '../api/access.js';
import { decideOnCause, runsBlockedWithin } from '../api/causes.js';
import { Problem, problemOf } from '../api/problem.js';
import { CauseView, DecidingView, OutcomeLine, OutcomesEnd, type CauseReading } from './cause.js';
import { checkReason, NotTaken } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import { sendGrowing } from './growing.js';
import type { PageParts } from './parts.js';
import { sendTrouble } from './screens.js';
import type { NamedLine } from './subjects.js';
import { pathOfCause } from './words.js';

const place = '/';
/** So many runs are asked for the decisions that are possible. */
const MOST_ASKED = 3;

/** One decision for all runs that are blocked for one cause. */
export function addCauseScreens(app: FastifyInstance, parts: PageParts): void {
  app.get('/cause', async (request, reply) => {
    const session = sessionIn(request);
    checkRole(session.key, 'decide');
    try {
      const screen = causeScreen(request, await readCause(parts, request, causeIn(request.query as object)));
      return sendScreen(reply, 200, { ...screen, session, place });
    } catch (error) {
      return sendTrouble(request, reply, error as Error, { place });
    }
  });
  for (const choice of choicesForAll) addChoice(app, parts, choice);
}

function addChoice(app: FastifyInstance, parts: PageParts, choice: ChoiceForAll): void {
  const path = `/cause/${choice}`;
  // whoever loads the answer again
  app.get(path, (_request, reply) => reply.redirect('/', 303));
  app.post(path, async (request, reply) => {
    const session = sessionIn(request);
    checkRole(session.key, 'decide');
    const form = formIn(request);
    const reason = (form.get('reason') ?? '').trim();
    const cause = causeIn(Object.fromEntries(form));
    try {
      checkReason(reason);
      const runs = form.getAll('run').map(chosenRun);
      if (runs.length === 0) return await reply.redirect(pathOfCause(cause), 303);
      return await sendOutcomes(request, reply, { parts, choice, cause, reason, runs });
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500) return sendTrouble(request, reply, error as Error, { place });
      const refused = { choice, reason, message: problem.message };
      const screen = causeScreen(request, await readCause(parts, request, cause));
      const notice = <NotTaken refused={refused} />;
      return sendScreen(reply, problem.status, { ...screen, session, place, notice });
    }
  });
}

/** Every run that waits for this decision now, and what it can be. */
async function readCause(parts: PageParts, request: FastifyRequest, cause: Cause): Promise<CauseReading> {
  const { client, taskQueue, subjects } = parts;
  const found = await runsBlockedWithin(parts, sessionIn(request).key, cause);
  const runs = await subjects.inLines(found.slice(0, MOST_DECIDED));
  const reading = { cause, runs, hasMore: found.length > MOST_DECIDED };
  try {
    for (const { id, runId } of runs.slice(0, MOST_ASKED)) {
      const status = await operationStatus(client, id, taskQueue, runId);
      if (status.state !== 'blocked' || status.blocked.step !== cause.step || status.blocked.type !== cause.type)
        continue;
      const { choices, message } = status.blocked;
      return { ...reading, message, choices: choicesForAll.filter((one) => choices.includes(one)) };
    }
    return { ...reading, choices: [] };
  } catch (error) {
    if (!(error instanceof TenantryError)) throw error;
    return { ...reading, choices: [], unanswered: error.message };
  }
}

function causeScreen(request: FastifyRequest, reading: CauseReading): Screen {
  return { title: 'One decision for all', body: <CauseView {...reading} session={sessionIn(request)} /> };
}

interface Deciding {
  parts: PageParts;
  choice: ChoiceForAll;
  cause: Cause;
  reason: string;
  runs: readonly ListedRun[];
}

/** The screen grows while the runs are decided for. Whoever leaves it stops nothing. */
async function sendOutcomes(
  request: FastifyRequest,
  reply: FastifyReply,
  { parts, choice, cause, reason, runs }: Deciding,
): Promise<FastifyReply> {
  // the form could name runs that this key does not see: only the others get their names
  const seen = new Set((await runsBlockedWithin(parts, sessionIn(request).key, cause)).map(({ id }) => id));
  const lines = await parts.subjects.inLines(runs.filter(({ id }) => seen.has(id)));
  const named = new Map<string, NamedLine>(lines.map((line) => [line.id, line]));
  const outcomes = decideOnCause(request, parts, { cause, choice, reason, runs });
  const counts = new Map<string, number>();
  return sendGrowing(reply, {
    title: 'One decision for all',
    session: sessionIn(request),
    place,
    body: (gap) => <DecidingView choice={choice} cause={cause} reason={reason} count={runs.length} outcomes={gap} />,
    async *pieces() {
      for await (const { id, outcome, message } of outcomes) {
        counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
        yield <OutcomeLine id={id} subject={named.get(id)?.subject ?? id} outcome={outcome} message={message} />;
      }
    },
    end: () => <OutcomesEnd counts={counts} cause={cause} />,
  });
}

function causeIn(said: { type?: unknown; step?: unknown }): Cause {
  const { type, step } = said;
  const isText = (text: unknown): text is string => typeof text === 'string' && text !== '' && text.length <= 255;
  if (isText(type) && isText(step)) return { type, step };
  throw new Problem(404, 'NotFound', 'The address names no cause. Open it from the board.');
}

/** A run as the screen has listed it. */
function chosenRun(text: string): ListedRun {
  try {
    const [id, runId, operation] = JSON.parse(text) as unknown[];
    if (typeof id === 'string' && typeof runId === 'string' && typeof operation === 'string')
      return { id, runId, operation, state: 'blocked', startedAt: '' };
  } catch {
    // it is refused below
  }
  throw new Problem(422, 'InvalidInput', 'The form names a run that cannot be read. Open the screen again.');
}
