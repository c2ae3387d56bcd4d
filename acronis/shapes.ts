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

/** An id that comes as text or as a number; always as text, digit for digit. */
export const idText = z.union([z.string().min(1), z.number(), z.bigint()]).transform(String);
