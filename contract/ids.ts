/** What a cloud may be called. */
export const CLOUD_NAME = /^[A-Za-z0-9_-]{1,40}$/;

/** The cloud of an input that names none. */
export const DEFAULT_CLOUD = 'default';

/**
 * The workflow id of an operation on one business key: `<operation>:[<cloud>:]<key>`. The same key always gives the
 * same id, so Temporal itself ensures that one customer has one run at a time.
 */
export function workflowId(operation: string, cloud: string | undefined, key: string): string {
  return cloud === undefined || cloud === DEFAULT_CLOUD ? `${operation}:${key}` : `${operation}:${cloud}:${key}`;
}

/**
 * Converts any text to a valid business key. Colons separate the parts of ids and marks, and Temporal's HTTP API cannot
 * address an id with a slash, so these, `~` and control characters become `~xx`, wider ones `~uxxxx`. Different texts
 * always give different keys.
 */
export function businessKey(text: string): string {
  return text.replaceAll(/[\s\p{Cc}/:~%?#\\]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length <= 2 ? `~${code.padStart(2, '0')}` : `~u${code.padStart(4, '0')}`;
  });
}

/** A UUID, in any case. */
export const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** True for the same id of the cloud; its case may differ. */
export function isSameId(one: string, other: string | undefined): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}
