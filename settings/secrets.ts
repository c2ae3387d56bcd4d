import { z } from 'zod';
import { isProduction, looseInFolder } from './production.js';
import { optionalText } from './reader.js';

/** Where the secrets are that inputs and `sources.json` name as `env:NAME` and `file:NAME`. */
export const secretSettings = z
  .looseObject({
    TENANTRY_SECRETS_DIR: optionalText({
      meaning: 'Folder of the files that inputs, `sources.json` and `notices.json` name as `file:NAME`.',
    }),
    'TENANTRY_SECRET_<NAME>': optionalText({
      meaning: 'Secret that they name as `env:NAME`; no other variable can be named.',
      secret: true,
    }),
  })
  .superRefine((values, context) => {
    const { TENANTRY_SECRETS_DIR: folder } = values;
    for (const message of folder !== undefined && isProduction(values) ? looseInFolder(folder) : [])
      context.addIssue({ code: 'custom', path: ['TENANTRY_SECRETS_DIR'], message });
  })
  .transform((values) => ({
    secretsDir: values.TENANTRY_SECRETS_DIR,
    secretFromEnvironment: (name: string) => values[`TENANTRY_SECRET_${name}`] as string | undefined,
  }))
  .meta({ title: 'Secrets of inputs and sources' });
