import { z } from 'zod';
import { about } from './reader.js';

const LEAST_CHARACTERS = 32;

/** What signs the sessions of the page. */
export const pageSessionSettings = z
  .looseObject({
    TENANTRY_PAGE_SECRET: z
      .string()
      .min(
        LEAST_CHARACTERS,
        `must have at least ${LEAST_CHARACTERS} characters, such as "openssl rand -base64 32" prints`,
      )
      .optional()
      .register(about, {
        meaning:
          'Signs the sessions of the [page](page.md). Set the same for all gateways behind one address; people then stay ' +
          'logged in, too, when a gateway starts again.',
        default: 'a random one at each start',
        file: true,
        secret: true,
      }),
  })
  .transform((values) => values.TENANTRY_PAGE_SECRET)
  .meta({ title: 'Page' });
