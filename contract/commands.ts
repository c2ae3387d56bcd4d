import type { Choice, GraceChoice } from './decisions.js';
import { DEFAULT_CLOUD } from './ids.js';

/** What a person can choose to do about a run: decide, or read about it. */
export type ActionChoice = Choice | GraceChoice | 'status' | 'showReport';

/** What a person can do about a run, and the command line that does it. */
export interface Action {
  choice: ActionChoice;
  /** The run. */
  id: string;
  command: string;
}

const commands: Readonly<Record<ActionChoice, (id: string) => string>> = {
  retry: (id) => `retry ${id} --reason "…"`,
  amend: (id) => `amend ${id} --input order.json --reason "…"`,
  skip: (id) => `skip ${id} --reason "…"`,
  abort: (id) => `abort ${id} --reason "…"`,
  extendGrace: (id) => `extend-grace ${id} --by "10 days" --reason "…"`,
  hold: (id) => `hold ${id} --reason "…"`,
  release: (id) => `release ${id} --reason "…"`,
  restore: (id) => `restore ${id} --reason "…"`,
  status: (id) => `status ${id}`,
  showReport: (id) => `show report ${id}`,
};

/** One action on a run. */
export function actionOn(id: string, choice: ActionChoice): Action {
  return { choice, id, command: `tenantry ${commands[choice](quoted(id))}` };
}

/** The command line that does it. */
export function commandFor(id: string, choice: ActionChoice): string {
  return actionOn(id, choice).command;
}

function inCloud(cloud: string): string {
  return cloud === DEFAULT_CLOUD ? '' : ` --cloud ${cloud}`;
}

/** What a person can type about a brake that is engaged. */
export function brakeCommands(cloud: string): string[] {
  const where = inCloud(cloud);
  return [
    `tenantry brake status${where}`,
    `tenantry brake release REF --reason "…"${where}`,
    `tenantry brake drop REF --reason "…"${where}`,
    `tenantry brake release --all --reason "…"${where}`,
  ];
}

/** What a person can type about a customer that does not go on by itself. */
export function customerCommands({ customer, cloud }: { customer: string; cloud: string }): string[] {
  const where = inCloud(cloud);
  const ref = quoted(customer);
  return [`tenantry customer ${ref}${where}`, `tenantry customer converge ${ref} --reason "…"${where}`];
}

/** What a person can type to ask something of a customer that needs no more than a reason. */
export function customerAction(
  { customer, cloud }: { customer: string; cloud: string },
  request: 'hold' | 'resume' | 'converge',
): string {
  const where = inCloud(cloud);
  return `tenantry customer ${request} ${quoted(customer)} --reason "…"${where}`;
}

/** What a person can type to say whose a subscription is: one command for each customer that can have it. */
export function customerMoveCommands({
  subscription,
  owner,
  to,
  cloud = DEFAULT_CLOUD,
}: {
  /** As `<source>/<id>`. */
  subscription: string;
  owner: string;
  to: readonly string[];
  cloud?: string | undefined;
}): string[] {
  const where = inCloud(cloud);
  const move = `tenantry customer move ${quoted(owner)} --subscription ${quoted(subscription)}`;
  return to.map((ref) => `${move} --to ${quoted(ref)} --reason "…"${where}`);
}

/** What a person can type where tenants may be a customer already: it is one of them, or none. */
export function existingTenantCommands({
  customer,
  cloud,
  tenantIds,
}: {
  customer: string;
  cloud: string;
  tenantIds: readonly string[];
}): string[] {
  const where = inCloud(cloud);
  const ref = quoted(customer);
  return [
    ...tenantIds.map((id) => `tenantry customer adopt ${ref} --tenant ${id} --reason "…"${where}`),
    `tenantry customer converge ${ref} --create --reason "…"${where}`,
  ];
}

/** What a person can type to say yes to questions about a customer. */
export function yesCommand(
  { customer, cloud }: { customer: string; cloud: string },
  fields: readonly string[],
): string {
  const where = inCloud(cloud);
  return `tenantry customer converge ${quoted(customer)} --fields ${fields.join(' ')} --reason "…"${where}`;
}

/** What a person can type where a plan asks who becomes the administrator of a customer. */
export function administratorCommands({ customer, cloud }: { customer: string; cloud: string }): string[] {
  const where = inCloud(cloud);
  const person = '{"firstName":"…","lastName":"…","email":"…"}';
  return [`'${person}'`, 'none'].map(
    (named) => `tenantry customer converge ${quoted(customer)}${where} --administrator ${named} --reason "…"`,
  );
}

/** What a person can type about a rollout that waits for a decision. */
export function rolloutCommands(id: string): string[] {
  const of = quoted(id);
  return [
    `tenantry rollout status ${of}`,
    ...['retry', 'resume', 'stop'].map((choice) => `tenantry rollout ${choice} ${of} --reason "…"`),
  ];
}

/** What a person can type about a customer that is not protected yet. */
export function onboardingCommands(run: string): string[] {
  return [`tenantry status ${quoted(run)}`];
}

/** A workflow id that somebody chose in Temporal's UI may hold any character. */
function quoted(id: string): string {
  return /^[A-Za-z0-9:._@~/-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
}
