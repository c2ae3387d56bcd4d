import type { VNode } from 'preact';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { catalogue } from '../../catalogue/index.js';
import type { CatalogueEntry } from '../../catalogue/entry.js';
import { operationNames, startOperation } from '../../client/operations.js';
import { checkStart } from '../api/access.js';
import { planWithin } from '../api/asking.js';
import { Problem, problemOf } from '../api/problem.js';
import { startWithin } from '../api/tree/start-within.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen, type Screen } from './frame.js';
import {
  checkReadable,
  exampleOf,
  OrderInputs,
  readOrderForm,
  sheetOf,
  type Manner,
  type OrderSheet,
} from './order-form.js';
import type { PageParts } from './parts.js';
import { Hidden, Notice } from './pieces.js';
import { PlanView, type PlanReading } from './plan.js';
import { sendTrouble } from './screens.js';
import { inWords, pathOfRun } from './words.js';

const place = '/start';
const usual = ['provisionCustomer', 'disableTenant', 'enableTenant', 'resendActivation'];

/** A form for every operation, made from its schema. */
export function addStartScreens(app: FastifyInstance, parts: PageParts): void {
  app.get('/start', (request, reply) => {
    const session = sessionIn(request);
    const may = operationNames().filter((name) => whyNot(request, name) === undefined);
    return sendScreen(reply, 200, { title: 'Start', body: <Operations may={may} />, session, place });
  });
  app.get('/start/:operation', (request, reply) => {
    const entry = entryIn(request);
    const { as } = request.query as { as?: string };
    const sheet = sheetOf(entry, exampleOf(entry), as === 'json' ? 'json' : 'fields');
    return sendScreen(reply, 200, { ...startScreen(request, { entry, sheet }), session: sessionIn(request), place });
  });
  addPlan(app, parts);
  app.post('/start/:operation', async (request, reply) => {
    const entry = entryIn(request);
    const { problems, input, manner } = readOrderForm(entry, formIn(request));
    try {
      checkStart(sessionIn(request).key, entry.name);
      checkReadable(problems);
      const order = { operation: entry.name, input };
      const { id } = await startWithin(
        parts,
        sessionIn(request).key,
        order,
        async (checked) => await startOperation(parts.client, { ...order, input: checked, taskQueue: parts.taskQueue }),
      );
      request.changedId = id;
      return await reply.redirect(pathOfRun(id), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500) return sendTrouble(request, reply, error as Error, { place });
      const sheet = { manner, said: formIn(request), problems: problem.errors };
      const screen = startScreen(request, { entry, sheet, problem });
      return sendScreen(reply, problem.status, { ...screen, session: sessionIn(request), place });
    }
  });
}

/** The same form again, with what a start would do. It changes nothing. */
function addPlan(app: FastifyInstance, parts: PageParts): void {
  const path = '/start/:operation/plan';
  // whoever loads the plan again
  app.get(path, (request, reply) => reply.redirect(`/start/${entryIn(request).name}`, 303));
  app.post(path, { config: { changesNothing: true } }, async (request, reply) => {
    const entry = entryIn(request);
    const { key } = sessionIn(request);
    const { problems, input, manner } = readOrderForm(entry, formIn(request));
    const answer = async (status: number, more: Partial<StartProps>) => {
      const sheet = { manner, said: formIn(request), problems: more.problem?.errors ?? [] };
      const screen = startScreen(request, { entry, sheet, ...more });
      return await sendScreen(reply, status, { ...screen, session: sessionIn(request), place });
    };
    try {
      checkReadable(problems);
      return await answer(200, { reading: { plan: await planWithin(parts, key, { entry, input }, request.signal) } });
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status === 503) return await answer(200, { reading: { unknown: problem.message } });
      if (problem.status >= 500) return sendTrouble(request, reply, error as Error, { place });
      return await answer(problem.status, { problem });
    }
  });
}

function entryIn({ params }: FastifyRequest): CatalogueEntry {
  const { operation } = params as { operation: string };
  const entry = catalogue[operation];
  if (entry === undefined) throw new Problem(404, 'NotFound', `There is no operation ${operation}.`);
  return entry;
}

/** Why the key of this visitor may not start it; undefined when it may. */
function whyNot(request: FastifyRequest, operation: string): string | undefined {
  try {
    checkStart(sessionIn(request).key, operation);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function Operations({ may }: { may: readonly string[] }): VNode {
  const groups = [
    ['Used most', usual.filter((name) => may.includes(name))],
    ['All others', may.filter((name) => !usual.includes(name))],
  ] as const;
  return (
    <>
      <h1>Start an operation</h1>
      {may.length === 0 && (
        <p class="card quiet">Your key may not start anything. Log in with one that may operate or decide.</p>
      )}
      {groups.map(
        ([title, names]) =>
          names.length > 0 && (
            <section key={title} class="part">
              <h2>{title}</h2>
              <ul class="tiles">
                {names.map((name) => (
                  <li key={name}>
                    <a class="card" href={`/start/${name}`}>
                      <strong>{inWords(name)}</strong>
                      <span class="quiet">{catalogue[name]!.summary}</span>
                    </a>
                  </li>
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  );
}

interface StartProps {
  entry: CatalogueEntry;
  sheet: OrderSheet;
  problem?: Problem;
  /** What a start would do, for whoever has asked. */
  reading?: PlanReading;
}

function startScreen(request: FastifyRequest, { entry, sheet, problem, reading }: StartProps): Screen {
  const forbidden = whyNot(request, entry.name);
  const body = (
    <>
      <p class="back">
        <a href="/start">← All operations</a>
      </p>
      <h1>{inWords(entry.name)}</h1>
      <p class="quiet">{entry.summary}</p>
      {forbidden !== undefined && (
        <Notice tone="warn" title="Your key may not start this">
          <p>{forbidden}</p>
        </Notice>
      )}
      {problem !== undefined && problem.errors.length === 0 && forbidden === undefined && (
        <Notice tone="danger" title="Not started" alert>
          <p>{problem.message}</p>
        </Notice>
      )}
      <StartForm
        entry={entry}
        sheet={sheet}
        reading={reading}
        token={sessionIn(request).formToken}
        mayStart={forbidden === undefined}
      />
    </>
  );
  return { title: inWords(entry.name), body };
}

interface FormProps {
  entry: CatalogueEntry;
  sheet: OrderSheet;
  reading: PlanReading | undefined;
  token: string;
  mayStart: boolean;
}

function StartForm({ entry, sheet, reading, token, mayStart }: FormProps): VNode {
  const other: Manner = sheet.manner === 'json' ? 'fields' : 'json';
  return (
    <form method="post" action={`/start/${entry.name}`} class="order">
      <Hidden token={token} />
      <p class="quiet small">
        The example is filled in: replace it.{' '}
        <a href={`/start/${entry.name}?as=${other}`}>{other === 'json' ? 'Type it as JSON' : 'Use the form'}</a>
      </p>
      <OrderInputs entry={entry} sheet={sheet} />
      {reading !== undefined && <PlanView {...reading} />}
      <div class="buttons">
        <button type="submit" class="second" formaction={`/start/${entry.name}/plan#plan`}>
          {reading === undefined ? 'Show the plan' : 'Show the plan again'}
        </button>
        <button type="submit" disabled={!mayStart}>
          Start
        </button>
      </div>
      <p class="quiet small">The plan says what Start would do, and changes nothing. You can start without it, too.</p>
    </form>
  );
}
