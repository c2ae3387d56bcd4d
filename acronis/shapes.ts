import { z } from 'zod';
import { UUID } from '../contract/ids.js';

/**
 * A value that the cloud may leave out, send as null, or send in a form that we do not know: null in all three cases.
 */
export const optional = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().default(null).catch(null);

/**
 * A value that the cloud may leave out or send as null. In a form that we do not know it makes the answer unreadable:
 * to read it as null could change or remove the wrong object, or create one twice.
 */
export const decisive = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().default(null);

/** Yes or no; no if the cloud does not say. */
export const flag = z.boolean().nullable().default(false).catch(false).transform(Boolean);

/**
 * A list that the cloud may leave out when it is empty. Anything that is not a list counts as empty; entries that we do
 * not know are dropped.
 */
export const listOf = <Shape extends z.ZodType>(shape: Shape) =>
  optional(z.array(z.unknown())).transform((list) =>
    (list ?? []).flatMap((entry): z.output<Shape>[] => {
      const read = shape.safeParse(entry);
      return read.success ? [read.data] : [];
    }),
  );

/** A list that the cloud may leave out when it is empty, but of which no entry may be dropped. */
export const decisiveListOf = <Shape extends z.ZodType>(shape: Shape) =>
  decisive(z.array(shape)).transform((list) => list ?? []);

/** The code of a warning. A warning without a code counts too: somebody may have to accept it. */
export const warningCode = z
  .union([z.string().min(1), z.object({ code: z.string().min(1) }).transform(({ code }) => code)])
  .catch('Unknown');

export const warningList = optional(z.array(warningCode)).transform((warnings) => warnings ?? []);

/** A GUID in lower case, any other id unchanged. Ids are compared as text, and the cloud may send one in upper case. */
export function normalizeId(id: string): string {
  return UUID.test(id) ? id.toLowerCase() : id;
}

/** An id that must be a GUID; always in lower case. */
export const guid = z.guid().toLowerCase();

/** An id of any form; a GUID in lower case. */
export const anyId = z.string().transform(normalizeId);

/** The same, and never empty. */
export const nonEmptyId = z.string().min(1).transform(normalizeId);

/** An id that the cloud sends as text or as a number; always text, digit for digit. */
export const idAsText = z.union([z.string().min(1), z.number(), z.bigint()]).transform((id) => normalizeId(String(id)));

const ZONELESS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$/;

/** A time. Those without a zone are UTC; JavaScript would take them for the worker's own zone, so they get a `Z`. */
export const time = z.string().transform((text) => (ZONELESS.test(text) ? `${text}Z` : text));

/** Year 1 or 1970: some services write "no time" so. */
const NO_TIME = /^(0001|1970)-01-01T00:00:00/;

/**
 * When an object was deleted; null while it exists. Null, blanks, 0 and the first moment of year 1 or 1970 mean that it
 * was not deleted.
 */
export const deletedAt = decisive(z.union([z.string(), z.literal(0)])).transform((time) =>
  typeof time !== 'string' || time.trim() === '' || NO_TIME.test(time) ? null : time,
);
