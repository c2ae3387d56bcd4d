import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CustomerName } from '../../client/customers.js';
import type { Overviews } from '../../client/overview/overviews.js';
import type { ConfiguredSource } from '../../client/overview/source-health.js';
import type { CustomerSearch } from '../../client/search/customer-search.js';
import type { SignDecision } from '../../contract/actors.js';
import type { ApiKey, Role } from '../../settings/api-keys.js';
import type { Sightings } from '../sightings.js';
import { checkAllOperations, checkOperation, checkRole, checkSeesAll } from './access.js';
import type { AuditLog } from './audit-log.js';
import type { SharedSecrets } from './shared-secrets.js';
import { titles } from './problem.js';
import type { QuestionsUnderWay } from './questions-under-way.js';
import { problemSchema } from './schemas.js';
import { describeIfThere, partOf, type TreeParts } from './tree/part-of-tree.js';

/** The part of the gateway that serves the API: its requests and answers are described by zod. */
export type ApiApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface ApiParts extends TreeParts {
  client: Client;
  taskQueue: string;
  keys(): readonly ApiKey[];
  /** What `sources.json` says. */
  sources(): readonly ConfiguredSource[];
  /** What this gateway has seen of the sources. */
  sightings: Pick<Sightings, 'of'>;
  isStopping(): boolean;
  /** How many requests a key may send in a minute. */
  requestsPerMinute: number;
  audit: AuditLog;
  /** Absent when the gateway reads no secret store. */
  secrets?: SharedSecrets | undefined;
  /** The key of who has logged in at the page, for a request of a browser. */
  personIn(request: FastifyRequest): ApiKey | undefined;
  /** Proves to workers who decides; absent when nothing can be signed. */
  sign?: SignDecision | undefined;
}

/** What the API and the page share, so that both together ask as little as one. */
export interface SharedParts extends ApiParts {
  overviews: Overviews;
  search: CustomerSearch;
  /** Resolves when Temporal answers. */
  reachTemporal(): Promise<unknown>;
  questions: QuestionsUnderWay;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The key that a request of the API came with; it is valid. */
    apiKey: ApiKey | null;
    /** The id of the run that a request has started, for the audit log. */
    changedId: string | undefined;
    /** The audit log has a line of this request. */
    isAudited: boolean;
    /** The query of a look-up as it was sent. */
    sentQuery: Readonly<Record<string, string>>;
    /** Says whether the key still sees what it has asked for; undefined for a key that sees everything. */
    stillSees: (() => Promise<boolean>) | undefined;
  }
  interface FastifyContextConfig {
    /** A request of this route changes nothing, although it is a POST. */
    changesNothing?: true;
    /** Who has logged in at the page needs no key for this route. */
    forPeople?: true;
  }
}

/** The key of a request that has passed the door of the API. */
export function keyOfRequest({ apiKey }: FastifyRequest): ApiKey {
  if (apiKey === null) throw new Error('A route of the API has no door.');
  return apiKey;
}

/** A hook that lets only keys of this role pass. */
export function needs(role: Role) {
  return async (request: FastifyRequest): Promise<void> => {
    checkRole(keyOfRequest(request), role);
    return await Promise.resolve();
  };
}

/** A hook that lets only keys of this role pass that have no limit at all. */
export function needsAll(role: Role) {
  return async (request: FastifyRequest): Promise<void> => {
    const key = keyOfRequest(request);
    checkRole(key, role);
    checkSeesAll(key);
    return await Promise.resolve();
  };
}

/** A hook that lets only keys of this role pass that are not limited to operations. */
export function needsAllOperations(role: Role) {
  return async (request: FastifyRequest): Promise<void> => {
    const key = keyOfRequest(request);
    checkRole(key, role);
    checkAllOperations(key);
    return await Promise.resolve();
  };
}

/** A hook that lets a limited key pass only to its runs. An id may say anything, so Temporal is asked. */
export function needsItsRun(parts: TreeParts) {
  return async (request: FastifyRequest): Promise<void> => {
    const key = keyOfRequest(request);
    const part = partOf(parts, key);
    const { id } = request.params as { id: string };
    await part?.checkRun(id);
    request.stillSees = part && (async () => await part.seesRun(id));
    if (key.operations === undefined) return;
    // whoever reads or decides says that there is no such run
    const run = await describeIfThere(parts.client, id);
    if (run !== undefined) checkOperation(key, run.type);
  };
}

/** A hook that lets a key that is limited to a part of the tenant tree pass only to its customers. */
export function needsItsCustomer(parts: TreeParts, nameIn: (request: FastifyRequest) => CustomerName) {
  return async (request: FastifyRequest): Promise<void> => {
    const part = partOf(parts, keyOfRequest(request));
    if (part === undefined) return;
    const name = nameIn(request);
    await part.checkCustomer(name);
    request.stillSees = async () => await part.seesCustomer(name);
  };
}

const problemContent = { 'application/problem+json': { schema: problemSchema } };

/** The answers with which any request may end. Each is named, because generators of clients know no "4XX". */
export const problemAnswers = Object.fromEntries(
  Object.entries(titles).map(([status, description]) => [status, { description, content: problemContent }]),
) as Record<keyof typeof titles, { description: string; content: typeof problemContent }>;

export const runParams = z.object({ id: z.string().describe('The id of the run, percent-encoded') });

/** The name of a call in the document, in camel case: generated clients have a function of this name. */
export function operationIdOf(verb: string, name: string): string {
  return `${verb}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
