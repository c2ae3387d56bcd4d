import type { InputProblem } from '../contract/errors.js';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DURATION_MESSAGE, isDuration, LONGEST_DURATION } from '../contract/durations.js';
import { businessKey, DEFAULT_CLOUD } from '../contract/ids.js';
import { plainWords, unknownFields } from './wording.js';
import type { EveryOrder, TenantRef } from '../contract/orders.js';
import { isTooDeep, joinPath, problemsOfForm, TOO_DEEP, withoutFields, withoutNulls } from './raw-input.js';

export type InputReading<Order> = { ok: true; order: Order; key: string } | { ok: false; problems: InputProblem[] };

const KEY_LENGTH = 150;
const MOST_PROBLEMS = 50;

/** A business key of at most 150 characters: a longer one keeps its beginning and ends in a digest of the whole. */
export function shortKey(text: string): string {
  const key = businessKey(text);
  return key.length <= KEY_LENGTH ? key : `${key.slice(0, KEY_LENGTH - 33)}~${digest(text)}`;
}

/** A hash of a text: 32 hexadecimal characters. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Parses an input with its schema. Lists every problem with its path; unknown fields are problems. */
function parseInput<Order>(
  schema: z.ZodType<Order>,
  input: unknown,
): { ok: true; order: Order } | { ok: false; problems: InputProblem[] } {
  const parsed = schema.safeParse(input, { error: plainWords });
  return parsed.success
    ? { ok: true, order: parsed.data }
    : { ok: false, problems: parsed.error.issues.flatMap((issue) => problems(issue, input)) };
}

function firstOf(problems: InputProblem[]): InputProblem[] {
  const more = problems.length - MOST_PROBLEMS;
  if (more <= 0) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), { path: 'input', message: `has ${more} more problems` }];
}

function problems(issue: z.core.$ZodIssue, input: unknown): InputProblem[] {
  const path = joinPath(issue.path) || 'input';
  if (issue.code === 'unrecognized_keys')
    return unknownFields(issue).map(({ path: field, message }) => {
      const remedy = message.includes('did you mean') ? message.slice(message.indexOf(';')) : REMOVE_IT;
      return { path: field, message: `is not a field of this operation${remedy}` };
    });
  if (issue.code === 'too_big' && issue.origin === 'string')
    return [{ path, message: `is too long: it may have at most ${issue.maximum} characters` }];
  const missing = issue.code === 'invalid_type' && at(input, issue.path) === undefined;
  return [{ path, message: missing ? 'is missing' : issue.message }];
}

const REMOVE_IT = ': remove it or correct its name';

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value as Record<PropertyKey, unknown> | null | undefined)?.[name],
    input,
  );
}

/** How to read an input. */
export interface ReadOptions {
  /**
   * True for the input of a run that has begun: an earlier version may have accepted what is refused now, and such a run
   * goes on.
   */
  hasBegun?: boolean;
}

/**
 * Creates the function that reads the input of an operation: it parses with the schema, fills in defaults with
 * `complete`, and derives the business key with `keyOf`. A field that is null counts as not given.
 */
export function createReader<Order extends object>(
  schema: z.ZodType<object>,
  keyOf: (order: Order) => string,
  complete: (read: never) => Order = (read) => read,
): (input: unknown, options?: ReadOptions) => InputReading<Order> {
  return (input, { hasBegun = false } = {}) => {
    if (isTooDeep(input)) return { ok: false, problems: [TOO_DEEP] };
    const form = hasBegun ? [] : problemsOfForm(input);
    if (form.length > 0) return { ok: false, problems: firstOf(form) };
    const reading = parseInput(schema, withoutNulls(input) ?? undefined);
    if (!reading.ok) return { ok: false, problems: firstOf(reading.problems) };
    const ofDeadline = hasBegun ? [] : problemsOfDeadline(reading.order);
    if (ofDeadline.length > 0) return { ok: false, problems: ofDeadline };
    const completed = complete(reading.order as never);
    const order = withoutFields(completed, (field) => field === undefined) as Order & { cloud?: string };
    // an order that names the default cloud equals one that names none
    if (order.cloud === DEFAULT_CLOUD) delete order.cloud;
    return { ok: true, order, key: keyOf(order) };
  };
}

/** A deadline needs an end that the order states, and a person who may decide until then. */
function problemsOfDeadline({ onFailure, decisionDeadline, then }: Partial<EveryOrder>): InputProblem[] {
  if (decisionDeadline === undefined) return then === undefined ? [] : [DEADLINE_MISSING];
  if (then === undefined) return [THEN_MISSING];
  if (onFailure === 'ask') return [];
  const message = `goes with "onFailure": "ask"; an order with "${onFailure}" asks nobody: leave it out, and "then" too`;
  return [{ path: 'decisionDeadline', message }];
}

const THEN_MISSING: InputProblem = {
  path: 'then',
  message: 'is missing: say "undo" or "keep", for the case that nobody decides before the decisionDeadline',
};
const DEADLINE_MISSING: InputProblem = {
  path: 'then',
  message: 'goes with decisionDeadline, at whose end it happens: add that or leave "then" out',
};

/** Trimmed text with at least one character. Two ways in which Unicode spells a letter, "ü" and "u" with dots, are one. */
export const text = (max = 255) => z.string().normalize('NFC').trim().min(1, 'must not be empty').max(max);

/** An e-mail address. */
export const email = () => z.email('must be an e-mail address').max(254);

/** A vendor id, in lower case like the vendor's. They are not valid RFC 9562 UUIDs, so only the form is checked. */
export const tenantId = () => z.guid('must be a tenant id like 7d1f0a52-6a0e-4b55-9b0e-1f2d3c4b5a69').toLowerCase();

const refForm = 'must be {"id"}, {"customerId"} or {"name"} of one tenant';

/** Names one existing tenant. */
export const tenantRef = () =>
  z
    .union(
      [z.strictObject({ id: tenantId() }), z.strictObject({ customerId: text() }), z.strictObject({ name: text() })],
      refForm,
    )
    .describe('The tenant, by its id, your own customer id or its exact name; it must fit exactly one below your own');

/** A name that is typed once more to confirm something; whether it fits is checked later. */
export const typedName = () => z.string().normalize('NFC').max(255);

/** The name of the tenant, to confirm something that cannot be undone. */
export const confirmation = () => text().describe("The tenant's exact name, because this cannot be undone");

/**
 * The business key of an operation on an existing tenant: the caller's reference, else the tenant and further parts.
 */
export function tenantKey({ externalRef, tenant }: { externalRef?: string; tenant: TenantRef }, ...more: string[]) {
  return shortKey(externalRef ?? [toKeyPart(tenant), ...more].join(' '));
}

/**
 * The business key of a named object in a tenant. Like `tenantKey`, but different tenants and names never give the same key:
 * a part with a blank could be read as two parts, so it is escaped.
 */
export function keyOfNamed({ externalRef, tenant }: { externalRef?: string; tenant: TenantRef }, ...names: string[]) {
  const last = names.length - 1;
  const words = [toKeyPart(tenant), ...names.slice(0, last)].map(escapeKeyPart);
  return shortKey(externalRef ?? [...words, names[last]].join(' '));
}

/** A part without inner blanks. An escaped part ends with a blank, and no other part starts with one. */
export function escapeKeyPart(word: string): string {
  return word.includes(' ') ? `${word.replaceAll('%', '%25').replaceAll(' ', '%20')} ` : word;
}

/** The part of a key for a tenant; `own` for the API client's own tenant, so a customer id `own` needs another form. */
export function toTenantKeyPart(tenant: TenantRef | undefined): string {
  if (tenant === undefined) return 'own';
  return 'customerId' in tenant && tenant.customerId === 'own' ? digest('the customer id own') : toKeyPart(tenant);
}

/**
 * The part of a key for an object: its id, or a digest of its name or login, because keys must not show personal data.
 */
export function toKeyPart(
  thing: { id: string } | { customerId: string } | { name: string } | { login: string },
): string {
  if ('name' in thing) return digest(thing.name);
  if ('login' in thing) return digest(thing.login);
  return 'id' in thing ? thing.id : thing.customerId;
}

const loginForm = /^[A-Za-z0-9.@_\-+:!#$%^*={}/?']+$/;

/** A person who gets a user account. */
export const person = () =>
  z.strictObject({
    login: text().regex(loginForm, "may hold ASCII letters, digits and . @ _ - + : ! # $ % ^ * = { } / ? ' only"),
    email: email(),
    firstName: text().optional(),
    lastName: text().optional(),
  });

/** A role, by the vendor's id. The cloud checks whether it fits the kind of tenant. */
export const role = () =>
  z
    .string()
    .regex(/^[a-z][a-z0-9_]{1,49}$/, 'must be the id of a role, such as "company_admin" or "backup_user"')
    .describe('Id of the role: partner_admin, company_admin, protection_admin, backup_user, readonly_admin, …');

/** Where a worker finds a secret. */
export const secretRef = () =>
  z
    .string()
    .max(120)
    .regex(/^(env|file|store):[A-Za-z0-9_.-]+$/, 'must be env:NAME, file:NAME or store:NAME');

/** How a new user gets access: by a mail with a link, or with a password from a secret reference. */
export const activation = () =>
  z
    .discriminatedUnion('by', [
      z.strictObject({ by: z.literal('email') }),
      z.strictObject({
        by: z.literal('password'),
        secretRef: secretRef(),
      }),
    ])
    .default({ by: 'email' });

/** A duration in words, such as "30 days". */
export const duration = () => z.string().max(LONGEST_DURATION).refine(isDuration, DURATION_MESSAGE);

/** The fields of every operation. */
export const commonFields = {
  cloud: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/, 'must be the name of a configured cloud')
    .max(40)
    .optional(),
  externalRef: text(150).optional(),
  onFailure: z.enum(['ask', 'undo', 'keep']).default('ask'),
  decisionDeadline: duration().optional(),
  // oxlint-disable-next-line unicorn/no-thenable -- the contract's word; a string is no thenable
  then: z.enum(['undo', 'keep']).optional(),
};

/** The configured name of the cloud of an order. */
export function cloudOf(order: { cloud?: string | undefined }): string {
  return order.cloud ?? DEFAULT_CLOUD;
}
