import { defineUpdate, setHandler } from '@temporalio/workflow';
import type { Halt } from '../../contract/customers.js';
import {
  customerRequests,
  type AcceptedRequest,
  type CustomerRequest,
  type CustomerRequestName,
} from '../../contract/customer-requests.js';
import { isSameId, UUID } from '../../contract/ids.js';
import type { Proven, Verified } from '../../contract/actors.js';
import { ActorCheck } from '../decisions/actor-check.js';
import { checkActorAndReason, refuseDecision as refuse } from '../decisions/refusals.js';
import type { Actor } from './actor.js';
import { checkConvergence, converge } from './converge.js';
import { adopted } from './different.js';
import { endingAgreement } from './next-operation.js';
import { noProgress, withoutBulk, withRequest, type Change } from './progress.js';
import { otherCustomerOf, readTenantNow } from './tenants.js';

interface Handling {
  description: string;
  /** Refuses what makes no sense now. */
  check?: (actor: Actor, request: CustomerRequest) => void;
  accept: (actor: Actor, request: Verified<CustomerRequest>) => Promise<Change> | Change;
}

const handlings: Record<CustomerRequestName, Handling> = {
  act: {
    description: 'End the observation: do what is sold from now on',
    accept: (_actor, request) => {
      const isNamed = isOfRollout(request);
      return (progress) => ({ ...progress, acts: true, ...(isNamed && { isRolledOut: true }) });
    },
  },
  pause: {
    description: 'Read facts, but start nothing: {"actor", "reason", "until"}',
    check: (_actor, request) => checkUntil(request),
    accept: (_actor, request) => (progress) => ({ ...progress, paused: haltOf(request) }),
  },
  hold: {
    description: 'Disable and delete nothing: {"actor", "reason", "until"}',
    check: (_actor, request) => checkUntil(request),
    accept: (_actor, request) => (progress) => ({ ...progress, held: haltOf(request) }),
  },
  resume: {
    description: 'End "pause" and "hold"',
    accept:
      () =>
      ({ paused: _paused, held: _held, ...progress }) =>
        progress,
  },
  adopt: {
    description: 'Make this tenant the one of the customer, and change nothing in it: {"actor", "reason", "tenantId"}',
    check: checkAdoption,
    accept: adopt,
  },
  release: {
    description: 'Forget the tenant: nothing is deleted, and nothing is created',
    check: checkIsIdle,
    accept:
      () =>
      ({ acts, paused, held, runs, onboarding }) => ({
        ...noProgress(),
        acts,
        runs,
        released: true,
        ...(paused && { paused }),
        ...(held && { held }),
        // its run ends by itself, now that the customer has no tenant
        ...(onboarding && { onboarding }),
      }),
  },
  converge: {
    description:
      'Look at the tenant and try again; say yes to fields; name the administrator: {"actor", "reason", "fields", "create", "administrator"}',
    check: checkConvergence,
    accept: converge,
  },
  offboard: {
    description: 'Say yes to the end of a customer of whom nothing is sold any more',
    check: checkOffboarding,
    accept: ({ situation }) => {
      const yes = { offboard: endingAgreement(situation) };
      return (progress) => ({ ...progress, agreed: { ...progress.agreed, ...yes } });
    },
  },
  move: {
    description: 'Say whose a subscription is: {"actor", "reason", "subscription": "shop/sub_1", "to": "C-1002"}',
    check: ({ known }, request) => known.owners().checkMove(request),
    accept: async ({ known }, request) => {
      await known.owners().move(request);
      return (progress) => progress;
    },
  },
};

/** Takes what people ask of the customer. Each is an Update; a repeat does no harm. */
export function acceptRequests(actor: Actor): void {
  const actors = new ActorCheck();
  for (const name of customerRequests) {
    const { description, check } = handlings[name];
    const validator = (request: Proven<CustomerRequest>) => {
      checkActorAndReason(request);
      check?.(actor, request);
    };
    setHandler(
      defineUpdate<AcceptedRequest, [Proven<CustomerRequest>]>(name),
      async (request) => {
        const taking = { choice: name, request, validate: () => validator(request) };
        return await actors.take(taking, async (known) => await accept(actor, name, known));
      },
      { description, validator },
    );
  }
}

async function accept(
  actor: Actor,
  name: CustomerRequestName,
  request: Verified<CustomerRequest>,
): Promise<AcceptedRequest> {
  const change = await handlings[name].accept(actor, request);
  const { actor: who, verified, reason } = request;
  const accepted: AcceptedRequest = { request: name, actor: who, verified, reason, at: new Date().toISOString() };
  const changed = withoutBulk(change(actor.progress));
  const progress = isOfRollout(request) ? { ...changed, isBulk: true as const } : changed;
  actor.progress = withRequest(progress, accepted, actor.progress.requests ?? []);
  actor.showTenant();
  actor.ask();
  return accepted;
}

/** A rollout asks for the customer, not a person who waits for it. */
function isOfRollout({ rollout }: Pick<CustomerRequest, 'rollout'>): boolean {
  return typeof rollout === 'string' && rollout !== '';
}

function haltOf({ actor, verified, reason, until }: Verified<CustomerRequest>): Halt {
  return { actor, verified, reason, since: new Date().toISOString(), ...(until !== undefined && { until }) };
}

function checkUntil({ until }: CustomerRequest): void {
  if (until === undefined) return;
  const time = typeof until === 'string' ? Date.parse(until) : NaN;
  if (Number.isNaN(time)) refuse('until: must be a date, such as 2026-12-31T00:00:00Z');
  if (time <= Date.now()) refuse(`until: ${until} is over`);
}

function checkIsIdle(actor: Actor): void {
  const { current } = actor.progress;
  if (current !== undefined) refuse(`${current.id} is still running: wait for its end, or cancel it`);
  if (actor.isBusy) refuse('an operation is about to start: try again in a moment');
}

function checkAdoption(actor: Actor, { tenantId }: CustomerRequest): void {
  if (typeof tenantId !== 'string' || !UUID.test(tenantId)) refuse('tenantId: must be the id of a tenant');
  checkIsIdle(actor);
  const { tenant } = actor.progress;
  if (tenant !== undefined && !isSameId(tenant.tenantId, tenantId))
    refuse(`the customer has the tenant ${tenant.tenantId}: "release" it first`);
}

async function adopt(actor: Actor, request: CustomerRequest): Promise<Change> {
  const { tenantId = '' } = request;
  const read = await readTenantNow({ cloud: actor.cloud, tenantId });
  if ('failed' in read) return refuse(`the tenant ${tenantId} could not be read: ${read.failed}`);
  const { tenant } = read;
  if (tenant.deletedAt !== undefined) refuse(`the tenant ${tenantId} was deleted at ${tenant.deletedAt}`);
  if (tenant.kind !== 'customer') refuse(`${tenant.name} is a ${tenant.kind}: only a customer can be adopted`);
  const other = await otherCustomerOf(tenant.tenantId);
  if (other !== null) refuse(`${other} has this tenant: "release" it there first`);
  return ({ existing: _existing, released: _released, gone: _gone, falls: _falls, ...progress }) => {
    // an operation may have begun meanwhile
    checkAdoption(actor, request);
    const seen = { at: new Date().toISOString(), tenant };
    return { ...progress, troubles: [], tenant: adopted(tenant, actor.situation.wanted.tenant), seen };
  };
}

function checkOffboarding({ progress: { tenant }, situation }: Actor): void {
  if (tenant === undefined) refuse('the customer has no tenant');
  if (situation.wanted.tenant.exists)
    refuse('something is still sold: only a customer without a subscription is offboarded');
}
