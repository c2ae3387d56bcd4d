import { defineUpdate, setHandler } from '@temporalio/workflow';
import {
  customerRequests,
  type AcceptedRequest,
  type CustomerRequest,
  type CustomerRequestName,
  type Halt,
} from '../../contract/customers.js';
import { checkActorAndReason, refuseDecision as refuse } from '../decisions/refusals.js';
import type { Actor } from './actor.js';
import { adopted, differentFields, withFieldAsFound } from './different.js';
import { agreement } from './intention.js';
import { endingAgreement } from './next-operation.js';
import type { Progress } from './progress.js';
import { otherCustomerOf, readTenantNow } from './tenants.js';
import type { WantedCustomer } from './wanted.js';

interface Handling {
  description: string;
  /** Refuses what makes no sense now. */
  check?: (actor: Actor, request: CustomerRequest) => void;
  accept: (actor: Actor, request: CustomerRequest) => Promise<Progress> | Progress;
}

const handlings: Record<CustomerRequestName, Handling> = {
  act: {
    description: 'End the observation: do what is sold from now on',
    accept: ({ progress }) => ({ ...progress, acts: true }),
  },
  pause: {
    description: 'Read facts, but start nothing: {"actor", "reason", "until"}',
    check: (_actor, request) => checkUntil(request),
    accept: ({ progress }, request) => ({ ...progress, paused: haltOf(request) }),
  },
  hold: {
    description: 'Disable and delete nothing: {"actor", "reason", "until"}',
    check: (_actor, request) => checkUntil(request),
    accept: ({ progress }, request) => ({ ...progress, held: haltOf(request) }),
  },
  resume: {
    description: 'End "pause" and "hold"',
    accept: ({ progress: { paused: _paused, held: _held, ...progress } }) => progress,
  },
  adopt: {
    description: 'Make this tenant the one of the customer, and change nothing in it: {"actor", "reason", "tenantId"}',
    check: checkAdoption,
    accept: adopt,
  },
  release: {
    description: 'Forget the tenant: nothing is deleted, and nothing is created',
    check: checkIsIdle,
    accept: ({ progress: { acts, paused, held, runs, children, intents } }) => ({
      acts,
      intents,
      runs,
      children,
      agreed: {},
      setAside: {},
      released: true,
      ...(paused && { paused }),
      ...(held && { held }),
    }),
  },
  converge: {
    description: 'Look at the tenant and try again; say yes to fields: {"actor", "reason", "fields", "create"}',
    check: checkFields,
    accept: converge,
  },
  offboard: {
    description: 'Say yes to the end of a customer of whom nothing is sold any more',
    check: checkOffboarding,
    accept: ({ progress, situation }) => ({
      ...progress,
      agreed: { ...progress.agreed, offboard: endingAgreement(situation) },
    }),
  },
};

/** Takes what people ask of the customer. Each is an Update; a repeat does no harm. */
export function acceptRequests(actor: Actor): void {
  for (const name of customerRequests) {
    const { description, check, accept } = handlings[name];
    setHandler(
      defineUpdate<AcceptedRequest, [CustomerRequest]>(name),
      async (request) => {
        actor.progress = await accept(actor, request);
        actor.showTenant();
        actor.ask();
        const { actor: who, reason } = request;
        return { request: name, actor: who, reason, at: new Date().toISOString() };
      },
      {
        description,
        validator: (request) => {
          checkActorAndReason(request);
          check?.(actor, request);
        },
      },
    );
  }
}

function haltOf({ actor, reason, until }: CustomerRequest): Halt {
  return { actor, reason, since: new Date().toISOString(), ...(until !== undefined && { until }) };
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
  if (typeof tenantId !== 'string' || !/^[0-9a-f-]{36}$/i.test(tenantId))
    refuse('tenantId: must be the id of a tenant');
  checkIsIdle(actor);
  const { tenant } = actor.progress;
  if (tenant !== undefined && tenant.tenantId !== tenantId)
    refuse(`the customer has the tenant ${tenant.tenantId}: "release" it first`);
}

async function adopt(actor: Actor, { tenantId = '' }: CustomerRequest): Promise<Progress> {
  const read = await readTenantNow({ cloud: actor.cloud, tenantId });
  if ('failed' in read) return refuse(`the tenant ${tenantId} could not be read: ${read.failed}`);
  const { tenant } = read;
  if (tenant.deletedAt !== undefined) refuse(`the tenant ${tenantId} was deleted at ${tenant.deletedAt}`);
  if (tenant.kind !== 'customer') refuse(`${tenant.name} is a ${tenant.kind}: only a customer can be adopted`);
  const other = await otherCustomerOf(tenantId);
  if (other !== null) refuse(`${other} has this tenant: "release" it there first`);
  checkAdoption(actor, { tenantId, actor: '', reason: '' });
  const { existing: _existing, released: _released, gone: _gone, trouble: _trouble, ...progress } = actor.progress;
  return {
    ...progress,
    tenant: adopted(tenant, actor.situation.wanted.tenant),
    seen: { at: new Date().toISOString(), tenant },
  };
}

function checkFields(actor: Actor, { fields, create }: CustomerRequest): void {
  if (create !== undefined && typeof create !== 'boolean') refuse('create: must be true or false');
  if (fields === undefined) return;
  if (!Array.isArray(fields) || fields.some((field) => typeof field !== 'string')) refuse('fields: must be names');
  const known = fieldsOf(actor);
  const unknown = fields.filter((field) => !known.includes(field));
  if (unknown.length === 0) return;
  const choice = known.length === 0 ? 'nothing is different and nothing is asked' : `choose from ${known.join(', ')}`;
  refuse(`fields: ${unknown.join(', ')} cannot be set now; ${choice}`);
}

function fieldsOf({ progress: { tenant, seen }, intention, situation }: Actor): string[] {
  const different = tenant && seen ? differentFields(tenant, seen.tenant, seen.at) : [];
  const asked = intention.kind === 'asks' ? intention.open : [];
  const suspend = situation.wanted.asksToSuspend === undefined ? [] : ['suspend'];
  return [...new Set([...different, ...asked].map(({ field }) => field)), ...suspend];
}

async function converge(actor: Actor, { fields = [], create }: CustomerRequest): Promise<Progress> {
  const { tenant } = actor.progress;
  const read = tenant && (await readTenantNow({ cloud: actor.cloud, tenantId: tenant.tenantId }));
  if (read !== undefined && 'failed' in read) return refuse(`the tenant could not be read: ${read.failed}`);
  const { trouble: _trouble, ...progress } = actor.progress;
  const seen = read && { at: new Date().toISOString(), tenant: read.tenant };
  const { wanted } = actor.situation;
  const agreed = { ...progress.agreed, ...yesTo(fields, wanted), ...(create && { create: 'yes' }) };
  const next: Progress = { ...progress, agreed, setAside: {}, ...(seen && { seen }) };
  // it is looked again whether they are there
  delete next.existing;
  if (create) delete next.released;
  if (seen !== undefined && next.tenant !== undefined) {
    const different = new Set(differentFields(next.tenant, seen.tenant, seen.at).map(({ field }) => field));
    next.tenant = fields
      .filter((field) => different.has(field))
      .reduce((applied, field) => withFieldAsFound(applied, seen.tenant, field), next.tenant);
  }
  return next;
}

function yesTo(fields: readonly string[], { tenant, asksToSuspend }: WantedCustomer): Record<string, string> {
  const quotas = fields.filter((field) => field.startsWith('quotas.'));
  return {
    ...Object.fromEntries(
      quotas.map((field) => [field, agreement(tenant.quotas[field.slice('quotas.'.length)])] as const),
    ),
    ...(fields.includes('suspend') && { suspend: agreement(asksToSuspend) }),
  };
}

function checkOffboarding({ progress: { tenant }, situation }: Actor): void {
  if (tenant === undefined) refuse('the customer has no tenant');
  if (situation.wanted.tenant.exists)
    refuse('something is still sold: only a customer without a subscription is offboarded');
}
