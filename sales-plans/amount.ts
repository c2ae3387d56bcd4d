import { z } from 'zod';
import { AMOUNT_FORM, readAmount, type Amount } from '../contract/amounts.js';

/** An amount as people write it, read into its smallest unit. */
export const amount = () =>
  z.union([z.int().nonnegative(), z.string().max(50)], AMOUNT_FORM).transform((given, context): Amount => {
    const read = readAmount(given);
    const problem =
      read === undefined ? AMOUNT_FORM : Number.isSafeInteger(Math.ceil(read.value)) ? undefined : 'is too large';
    if (read !== undefined && problem === undefined) return read;
    context.addIssue({ code: 'custom', message: problem! });
    return z.NEVER;
  });
