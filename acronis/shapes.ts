import { z } from 'zod';

/** What the cloud may leave out, or tell as null. */
export const absent = <Shape extends z.ZodType>(shape: Shape) => shape.nullable().default(null);

/** A list that the cloud may leave out when it is empty. */
export const listOf = <Shape extends z.ZodType>(shape: Shape) =>
  z
    .array(shape)
    .nullish()
    .transform((list) => list ?? []);

/** An id that comes as text or as a number; always as text, digit for digit. */
export const idText = z.union([z.string().min(1), z.number(), z.bigint()]).transform(String);
