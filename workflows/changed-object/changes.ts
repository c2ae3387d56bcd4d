import type { ObjectChange } from '../../contract/source-objects.js';

/** Objects that can wait at a time. Ids are long enough to tell apart, so one workflow has few. */
const MOST_WAITING = 200;
const MOST_CHARACTERS = 500;

/**
 * What waits, and what a signal brings: one entry for each object, with its newest event. Anybody may send anything, so
 * what is no change is left out.
 */
export function addChanges(waiting: readonly ObjectChange[], content: unknown): ObjectChange[] {
  const byObject = new Map(waiting.map((one) => [keyOf(one), one]));
  for (const change of [content].flat()) {
    if (!isChange(change)) continue;
    const { object, event } = change;
    byObject.set(keyOf(change), {
      object: { type: object.type, id: object.id },
      event: { id: event.id, type: event.type },
    });
  }
  return [...byObject.values()].slice(0, MOST_WAITING);
}

function keyOf({ object }: ObjectChange): string {
  return JSON.stringify([object.type, object.id]);
}

function isChange(value: unknown): value is ObjectChange {
  const { object, event } = (value ?? {}) as Partial<Record<keyof ObjectChange, Record<string, unknown> | null>>;
  return [object?.['type'], object?.['id'], event?.['id'], event?.['type']].every(isShortText);
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= MOST_CHARACTERS;
}

/** What people must know of an object of a sender. */
export interface SourceNotice {
  /** The object. */
  subject: string;
  message: string;
}

/** The notices that the run before has left: anybody may start a workflow with anything. */
export function toSourceNotices(carried: unknown): SourceNotice[] {
  return [carried].flat().filter(isNotice).slice(-MOST_WAITING);
}

function isNotice(value: unknown): value is SourceNotice {
  const { subject, message } = (value ?? {}) as { [K in keyof SourceNotice]?: unknown };
  return typeof subject === 'string' && typeof message === 'string';
}
