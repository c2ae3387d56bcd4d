import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { askCustomer } from '../../client/customers.js';
import { decide } from '../../client/decisions.js';
import type { Overview } from '../../client/overview/overviews.js';
import { overviewTables } from '../../client/overview/tables.js';
import { requests } from '../api/customers.js';
import { needsAllOperations, needsItsCustomer, needsItsRun } from '../api/parts.js';
import { problemOf } from '../api/problem.js';
import { checkedPart } from '../api/tree/part-of-tree.js';
import { ComingView, HoldForm, type ComingItem, type RefusedHold } from './coming.js';
import { ComingNames } from './coming-names.js';
import { customerIn } from './customer-screens.js';
import { checkReason, NotTaken } from './deciding.js';
import { formIn, sessionIn } from './door.js';
import { sendScreen } from './frame.js';
import { Choices, Top } from './overview-pieces.js';
import { addOverviewScreen } from './overview-screen.js';
import type { PageParts } from './parts.js';
import { sendTrouble } from './screens.js';

const place = '/coming';
/** How many days ahead. */
const spans = [7, 30, 90, 365];

/** The calendar, with a form to hold what can be held. */
export function addComing(app: FastifyInstance, parts: PageParts): void {
  const names = new ComingNames(parts.subjects);
  addOverviewScreen<ComingItem, Overview<ComingItem>>(app, parts, {
    path: place,
    title: 'Coming',
    nameOf: (request) => String(daysIn(request)),
    isForParts: true,
    read: async (request) => {
      const part = await checkedPart(parts, sessionIn(request).key);
      return await names.of(await parts.overviews.calendar(daysIn(request), part));
    },
    table: overviewTables.calendar,
    top: (request) => <ComingTop days={daysIn(request)} />,
    items: (request, found) => <ComingView {...found} days={daysIn(request)} session={sessionIn(request)} />,
  });
  addHold(app, parts, {
    path: '/coming/customers/:ref/hold',
    hold: holdCustomer,
    check: needsItsCustomer(parts, customerIn),
  });
  addHold(app, parts, { path: '/coming/runs/:id/hold', hold: holdRun, check: needsItsRun(parts) });
}

function ComingTop({ days }: { days: number }): VNode {
  const choices = spans.map((span) => [addressOf(span), wordsOf(span)] as const);
  return (
    <Top title="Coming" about="What time alone brings, and what would stop it." csv={`/coming.csv?days=${days}`}>
      <Choices name="How far ahead" of={choices} chosen={wordsOf(days)} />
    </Top>
  );
}

const addressOf = (days: number) => (days === spans[0] ? place : `${place}?days=${days}`);
const wordsOf = (days: number) => (days === 365 ? '1 year' : `${days} days`);

/** A form says it in its own way: its address is that of the hold. */
function daysIn(request: FastifyRequest): number {
  const { days } = request.query as { days?: string };
  const asked = Number(formIn(request).get('days') ?? days);
  return spans.includes(asked) ? asked : spans[0]!;
}

interface HoldRoute {
  path: string;
  /** Fails for what the key does not see. */
  check(request: FastifyRequest): Promise<void>;
  hold(parts: PageParts, request: FastifyRequest, said: { reason: string; until: string }): Promise<void>;
}

function addHold(app: FastifyInstance, parts: PageParts, { path, hold, check }: HoldRoute): void {
  app.get(path, (_request, reply) => reply.redirect(place, 303));
  app.post(path, { preHandler: [needsAllOperations(requests.hold.role), check] }, async (request, reply) => {
    const [reason = '', until = ''] = ['reason', 'until'].map((name) => formIn(request).get(name)?.trim());
    try {
      await hold(parts, request, { reason, until });
      return await reply.redirect(addressOf(daysIn(request)), 303);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.status >= 500 || problem.status === 404)
        return sendTrouble(request, reply, error as Error, { place });
      const body = <Refused request={request} refused={{ choice: 'hold', reason, until, message: problem.message }} />;
      return sendScreen(reply, problem.status, { title: 'Hold', body, session: sessionIn(request), place });
    }
  });
}

/** To read the calendar again may take long, so a refusal is a screen of its own. */
function Refused({ request, refused }: { request: FastifyRequest; refused: RefusedHold }): VNode {
  const { id, ref } = request.params as { id?: string; ref?: string };
  const days = daysIn(request);
  return (
    <>
      <p class="back">
        <a href={addressOf(days)}>← Coming</a>
      </p>
      <h1>Hold {ref ?? id}</h1>
      <NotTaken refused={refused} />
      <section class="card hold">
        <HoldForm path={request.url} days={days} session={sessionIn(request)} refused={refused} />
      </section>
    </>
  );
}

const holdCustomer: HoldRoute['hold'] = async ({ client, taskQueue, overviews, sign }, request, { reason, until }) => {
  const name = customerIn(request);
  const fields = { reason, ...(until !== '' && { until }) };
  await askCustomer(client, { ...name, name: 'hold', actor: sessionIn(request).key.name, sign, fields }, taskQueue);
  overviews.renew(customerWorkflowId(name.ref, name.cloud));
};

const holdRun: HoldRoute['hold'] = async ({ client, taskQueue, sign }, request, { reason }) => {
  checkReason(reason);
  const { id } = request.params as { id: string };
  const said = { reason, actor: sessionIn(request).key.name };
  await decide(client, { id, choice: 'hold', request: said, taskQueue, sign });
};
