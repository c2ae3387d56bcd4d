import { unlessNotFound, type Acronis } from '../acronis/index.js';
import { FailureType } from '../contract/failures.js';
import type { Attempt } from './attempt.js';
import { refuse } from './failures.js';
import { hadNoEffect, lookAgain } from './lost-answers.js';
import { unlessGone } from './undo.js';

/** Something that people can restore after its deletion. */
interface Deletable extends TimeOfChange {
  id: string;
}

interface TimeOfChange {
  /** When it was changed last; null when the answer does not say it. */
  updated_at: string | null;
}

const MOST_READS = 5;

/** The cloud shows the times of tenants in whole seconds, so it waits for one; less where the minute is shortened. */
const IN_A_MINUTE = 60;

const NOT_DELETED = 'the cloud has answered that it deleted it, and it is still there';
export const PERHAPS_RESTORED =
  'its deletion got no answer, and it is there: the deletion had no effect, or somebody has restored it since';

/**
 * Why a thing that is there may not be deleted by this attempt; undefined when it may. An earlier attempt can have
 * deleted it without an answer, and somebody can have restored it since. Only the time of its last change shows that
 * nobody did: the cloud changes it when it deletes, and when it restores.
 */
export async function whyNotDeletedAgain(
  { memory }: Attempt,
  thing: Deletable,
  read: () => Promise<TimeOfChange>,
): Promise<string | undefined> {
  const sent = memory.deletions?.[thing.id];
  if (sent === undefined) return undefined;
  if (sent.answered) return NOT_DELETED;
  const now = await timeOf(thing, read);
  return sent.updatedAt !== null && sent.updatedAt === now ? undefined : PERHAPS_RESTORED;
}

/** When a thing was changed last. An answer can leave that out, so it reads again; null when no answer says it. */
async function timeOf(thing: TimeOfChange, read: () => Promise<TimeOfChange>): Promise<string | null> {
  let { updated_at } = thing;
  for (let reads = 0; updated_at === null && reads < MOST_READS; reads += 1) ({ updated_at } = await read());
  return updated_at;
}

/**
 * Makes sure, before a deletion is sent, that a later attempt can tell what came of it: Temporal knows of the deletion,
 * and a restoration falls into a later second than the last change. Check the thing once more after this.
 */
export async function announceDeletion(
  attempt: Attempt,
  thing: Deletable,
  read: () => Promise<TimeOfChange>,
): Promise<void> {
  const { memory } = attempt;
  memory.deletions = { ...memory.deletions, [thing.id]: { updatedAt: await timeOf(thing, read) } };
  await Promise.all([attempt.waitUntilRemembered(), attempt.pause(attempt.lookAgainMs / IN_A_MINUTE)]);
}

/** The announced deletion is not sent, or had no effect. */
export function forgetDeletion({ memory }: Attempt, { id }: Deletable): void {
  const { [id]: _forgotten, ...others } = memory.deletions ?? {};
  memory.deletions = others;
}

/** Deletes a thing and looks until it is gone, for a minute. Answers why it stays; undefined when it is gone. */
export async function deleteAndSee(
  attempt: Attempt,
  thing: Deletable,
  { send, isThere }: { send: () => Promise<void>; isThere: () => Promise<boolean> },
): Promise<string | undefined> {
  const { memory } = attempt;
  try {
    await send();
  } catch (error) {
    if (hadNoEffect(error)) forgetDeletion(attempt, thing);
    throw error;
  }
  memory.deletions = { ...memory.deletions, [thing.id]: { updatedAt: null, answered: true } };
  attempt.remember();
  return (await isGoneSoon(attempt, isThere)) ? undefined : NOT_DELETED;
}

/**
 * Deletes a thing that nobody can restore, and looks until it is no longer listed, for a minute. False when it was gone
 * already. Fails with `Tenantry.Unexpected` when it stays.
 */
export async function deleteListed(
  attempt: Attempt,
  what: string,
  { send, isListed }: { send: () => Promise<void>; isListed: () => Promise<boolean> },
): Promise<boolean> {
  const sent = await unlessGone(async () => {
    await send();
    return true;
  }, isListed);
  if (sent === true) await checkIsGone(attempt, what, isListed);
  return sent === true;
}

/** Looks until a deleted thing is no longer listed, for a minute; fails with `Tenantry.Unexpected` when it stays. */
export async function checkIsGone(attempt: Attempt, what: string, isListed: () => Promise<boolean>): Promise<void> {
  if (!(await isGoneSoon(attempt, isListed))) throw refuse(FailureType.Unexpected, `${what}: ${NOT_DELETED}`);
}

/** Looks until a deleted thing is gone, for a minute: the cloud may take its time. */
async function isGoneSoon(attempt: Attempt, isThere: () => Promise<boolean>): Promise<boolean> {
  return (await lookAgain(attempt, async () => ((await isThere()) ? undefined : true))) === true;
}

/** False when a tenant is deleted. Changes nothing. */
export async function isTenantThere({ tenants }: Acronis, id: string): Promise<boolean> {
  const there = await unlessNotFound(async () => await tenants.get(id, { allowDeleted: true }));
  return there?.deleted_at === null;
}
