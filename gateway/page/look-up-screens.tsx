import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { lookUpNames, lookUps, readLookUp, type LookUpName } from '../../catalogue/look-ups.js';
import { toCsv } from '../../client/rows-as-csv.js';
import type { LookUpPage, LookUpQuestion } from '../../contract/questions.js';
import { askLookUp } from '../api/asking.js';
import { needsAll } from '../api/parts.js';
import { Problem } from '../api/problem.js';
import { answerTo, mayPass, readerOfAnswer, type Answer, type PlainProblem } from './answers.js';
import { sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import { LookUpForm, LookUpList, Rows } from './look-ups.js';
import { Top, Waiting } from './overview-pieces.js';
import type { PageParts } from './parts.js';
import { Recent } from './recent.js';
import { addScreen } from './screens.js';
import { NotShown } from './trouble.js';
import { inWords } from './words.js';

const place = '/look-ups';
/** The screen that waits and the one that has the answer share one question. */
const FRESH_MS = 5000;
/** No worker answers later. */
const ANSWER_MS = 40_000;
const pace = { shortest: 5000, longest: 10_000, patience: 0 };

/** The look-ups of a cloud. A worker answers them, once for each question. */
export function addLookUpScreens(app: FastifyInstance, parts: PageParts): void {
  app.get(place, { preHandler: needsAll('read') }, (request, reply) => {
    const about = 'What the cloud says now. A worker asks it; nothing is changed.';
    const body = (
      <>
        <Top title="Look-ups" about={about} />
        <LookUpList />
      </>
    );
    return sendScreen(reply, 200, { title: 'Look-ups', body, session: sessionIn(request), place });
  });
  const recent = new Recent<LookUpPage>(FRESH_MS);
  const ask = async (question: LookUpQuestion) =>
    await recent.get(JSON.stringify(question), async () => {
      return await askLookUp(parts, question, AbortSignal.timeout(ANSWER_MS));
    });
  for (const name of lookUpNames) addLookUp(app, parts, { name, ask });
  app.get('/look-ups/:name', (request) => {
    throw new Problem(404, 'NotFound', `There is no look-up ${(request.params as { name: string }).name}.`);
  });
}

interface LookUpRoute {
  name: LookUpName;
  ask(question: LookUpQuestion): Promise<LookUpPage>;
}

/** Nothing is asked before somebody has sent the form. */
type Reading = Answer<LookUpPage> | 'nothing asked';

function addLookUp(app: FastifyInstance, parts: PageParts, { name, ask }: LookUpRoute): void {
  const path = `${place}/${name}`;
  const asked = (request: FastifyRequest) => questionIn(name, request);
  const read = async (request: FastifyRequest) => await ask(checked(asked(request)));
  const isAsked = (request: FastifyRequest) => request.url.includes('?');
  addScreen<Reading>(app, parts, {
    path,
    place,
    check: needsAll('read'),
    nameOf: (request) => JSON.stringify(asked(request)),
    pace,
    read: async (request) => (isAsked(request) ? await answerTo(async () => await read(request)) : 'nothing asked'),
    reader: (request) => readerOfAnswer(async () => await read(request), { once: true }),
    drawWaiting: (request) =>
      draw(name, request, <Waiting what="Asking the cloud …" again={request.url} id="result" />),
    draw: (request, reading) => drawn(name, request, reading),
  });
  app.get(`${path}.csv`, { preHandler: needsAll('read') }, async (request, reply) => {
    const { fields, rows } = await read(request);
    return await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.csv"`)
      .send(`${toCsv(fields, rows)}\n`);
  });
}

/** Fails as 422 with every problem, before a worker is asked. */
function checked({ lookUp, query }: LookUpQuestion): LookUpQuestion {
  const reading = readLookUp(lookUp as LookUpName, query);
  if (reading.ok) return { lookUp, query };
  const named = reading.problems.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new Problem(422, 'InvalidInput', `The look-up cannot be used: ${named}.`, reading.problems);
}

/** What is left empty is not asked for. */
function questionIn(lookUp: LookUpName, { query }: FastifyRequest): LookUpQuestion {
  const given = Object.entries(query as Record<string, string | string[]>).map(([field, text]) => {
    return [field, String(text).trim()] as const;
  });
  return { lookUp, query: Object.fromEntries(given.filter(([, text]) => text !== '')) };
}

function drawn(name: LookUpName, request: FastifyRequest, reading: Reading): Screen {
  if (reading === 'nothing asked') return { ...draw(name, request), isStill: true };
  if ('found' in reading) {
    const said = new URLSearchParams(questionIn(name, request).query);
    return { ...draw(name, request, <Rows name={name} page={reading.found} said={said} />), isStill: true };
  }
  const { problem } = reading;
  // problems with a field stand beside it
  const result = problem.errors.length === 0 ? <NotShown problem={problem} /> : undefined;
  return { ...draw(name, request, result, problem), status: problem.status, isStill: !mayPass(reading) };
}

function draw(name: LookUpName, request: FastifyRequest, result?: VNode, problem?: PlainProblem): Screen {
  const said = new URLSearchParams(questionIn(name, request).query);
  const title = inWords(name);
  const body = (
    <>
      <p class="back">
        <a href={place}>← Look-ups</a>
      </p>
      <Top title={title} about={`${lookUps[name].summary}.`} />
      <LookUpForm name={name} said={said} problems={problem?.errors ?? []} />
      {result}
    </>
  );
  return { title, body };
}
