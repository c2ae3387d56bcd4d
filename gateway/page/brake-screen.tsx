import type { FastifyInstance, FastifyRequest } from 'fastify';
import { brakeStatus, decideOnBrake } from '../../client/brake.js';
import { cloudsWithBrake } from '../../client/brakes.js';
import type { BrakeChoice, BrakeRequest } from '../../contract/brake.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { needsAll } from '../api/parts.js';
import { Problem, problemOf } from '../api/problem.js';
import { BrakeView, type BrakeReading } from './brake.js';
import { checkReason, NotTaken, type Refused } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import type { PageParts } from './parts.js';
import { addScreen, sendTrouble } from './screens.js';
import { pathOfBrake } from './words.js';

const place = '/customers';
const pace = { shortest: 1000, longest: 1000, patience: 3000 };

/** What a person can do, the address of each, and what goes with it. */
const ways: Readonly<Record<string, { choice: BrakeChoice; fields(request: FastifyRequest): Partial<BrakeRequest> }>> =
  {
    release: { choice: 'release', fields: chosenIn },
    drop: { choice: 'drop', fields: chosenIn },
    'release-all': { choice: 'release', fields: () => ({ all: true }) },
    engage: { choice: 'engage', fields: () => ({}) },
  };

/** The brake of a cloud: what waits, and the decisions. A key that is limited to operations does not see it. */
export function addBrakeScreen(app: FastifyInstance, parts: PageParts): void {
  const read = async (request: FastifyRequest) => await readBrake(parts, cloudIn(request));
  const draw = (request: FastifyRequest, reading: BrakeReading, refused?: Refused): Screen => ({
    title: reading.status?.engaged === undefined ? 'Brake' : '(!) Brake',
    body: <BrakeView {...reading} session={sessionIn(request)} refused={refused} />,
  });
  addScreen<BrakeReading>(app, parts, {
    path: '/brake',
    place,
    check: needsAll('read'),
    nameOf: cloudIn,
    pace,
    read,
    reader: (request) => async () => ({ status: await read(request), isOver: false }),
    draw,
  });
  for (const way of Object.keys(ways)) addWay(app, parts, { way, draw });
}

interface Way {
  way: string;
  draw(request: FastifyRequest, reading: BrakeReading, refused: Refused): Screen;
}

function addWay(app: FastifyInstance, parts: PageParts, { way, draw }: Way): void {
  const path = `/brake/${way}`;
  const { choice, fields } = ways[way]!;
  // whoever loads the answer to a refused decision again
  app.get(path, (request, reply) => reply.redirect(pathOfBrake(cloudIn(request)), 303));
  app.post(path, { preHandler: needsAll('decide') }, async (request, reply) => {
    const [session, cloud] = [sessionIn(request), cloudIn(request)];
    const reason = (formIn(request).get('reason') ?? '').trim();
    try {
      checkReason(reason);
      const asked = { reason, actor: session.key.name, ...fields(request) };
      await decideOnBrake(parts.client, { cloud, choice, request: asked, sign: parts.sign }, parts.taskQueue);
      parts.standings.renew();
      return await reply.redirect(pathOfBrake(cloud), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500) return sendTrouble(request, reply, error as Error, { place });
      const refused = { choice: way, reason, message: problem.message };
      const screen = draw(request, await readBrake(parts, cloud), refused);
      const notice = <NotTaken refused={refused} />;
      return sendScreen(reply, problem.status, {
        ...screen,
        session,
        place,
        notice,
        stream: `/live${pathOfBrake(cloud)}`,
      });
    }
  });
}

async function readBrake({ client, taskQueue }: PageParts, cloud: string): Promise<BrakeReading> {
  const [status, clouds] = await Promise.all([brakeStatus(client, cloud, taskQueue), cloudsWithBrake(client)]);
  return { cloud, clouds, ...(status !== undefined && { status }) };
}

function chosenIn(request: FastifyRequest): Partial<BrakeRequest> {
  const refs = formIn(request).getAll('ref');
  if (refs.length > 0) return { refs };
  throw new Problem(422, 'InvalidInput', 'Choose the customers first, or release all.');
}

/** The cloud of the form, or of the address; the default one unless named. */
function cloudIn(request: FastifyRequest): string {
  const { cloud } = request.query as { cloud?: unknown };
  const said = formIn(request).get('cloud') ?? cloud;
  return typeof said === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(said) ? said : DEFAULT_CLOUD;
}
