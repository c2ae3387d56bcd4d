import { z } from 'zod';

/** What the cloud may leave out, tell as null, or tell in a way that we do not know yet: null then. */
export const absent = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().default(null).catch(null);

/**
 * What the cloud may leave out or tell as null. Told in a way that we do not know, the answer is unreadable: to take it for null could mean to
 * change or remove the wrong thing, or to make one twice.
 */
export const decisive = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().default(null);

/** Yes or no; no where the cloud does not say. */
export const flag = z.boolean().nullable().default(false).catch(false).transform(Boolean);

/** A list that the cloud may leave out when it is empty. What is no list counts as empty, and entries that we do not know are left out. */
export const listOf = <Shape extends z.ZodType>(shape: Shape) =>
  absent(z.array(z.unknown())).transform((list) =>
    (list ?? []).flatMap((entry): z.output<Shape>[] => {
      const read = shape.safeParse(entry);
      return read.success ? [read.data] : [];
    }),
  );

/** A list that the cloud may leave out when it is empty, and of which no entry may be missed. */
export const wholeListOf = <Shape extends z.ZodType>(shape: Shape) =>
  decisive(z.array(shape)).transform((list) => list ?? []);

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** A GUID in small letters, and any other id as it is: ids are compared as text, and the cloud may tell one in capitals. */
export function idInSmallLetters(id: string): string {
  return GUID.test(id) ? id.toLowerCase() : id;
}

/** An id that must be a GUID; always in small letters. */
export const guid = z.guid().toLowerCase();

/** An id of whatever form; a GUID in small letters. */
export const anyId = z.string().transform(idInSmallLetters);

/** The same, and never empty. */
export const someId = z.string().min(1).transform(idInSmallLetters);

/** An id that comes as text or as a number; always as text, digit for digit. */
export const idText = z
  .union([z.string().min(1), z.number(), z.bigint()])
  .transform((id) => idInSmallLetters(String(id)));

/** Year 1 or 1970: how some write that there is no time. */
const NO_TIME = /^(0001|1970)-01-01T00:00:00/;

/** When something was deleted; null while it lives. Nothing, blanks, 0 and the first moment of all time are no deletion. */
export const deletedAt = decisive(z.union([z.string(), z.literal(0)])).transform((time) =>
  typeof time !== 'string' || time.trim() === '' || NO_TIME.test(time) ? null : time,
);
