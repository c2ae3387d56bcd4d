import { z } from 'zod';
import { parseKeys, weaknessesOf } from '../vault/keys.js';
import { isProduction, looseFolderProblem } from './production.js';
import { about, optionalText } from './reader.js';

/** A new key cannot read what another one has encrypted. */
export const HOW_TO_GET_KEYS =
  'Set the keys that your workers have, or make one for a new system: ' +
  'export TENANTRY_CODEC_KEYS="k1:$(openssl rand -base64 32)"';

const ring = z.string().transform((text, context) => {
  try {
    return parseKeys(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** What encrypts histories and stored secrets. In production, and for a secret store, keys are required. */
export const encryptionSettings = z
  .looseObject({
    TENANTRY_CODEC_KEYS: ring.optional().register(about, {
      meaning:
        'Keys of AES-256 as `id:key`, separated by commas: they encrypt what Temporal keeps and the stored secrets. ' +
        'The first key encrypts, all of them decrypt. Required where `TENANTRY_ENV` is `production`, and for a ' +
        'secret store; see [security](security.md).',
      file: true,
      secret: true,
    }),
    TENANTRY_SECRETS_STORE: optionalText({
      meaning:
        'Folder of the encrypted secret store. The workers share it with everyone who runs `tenantry secret put`; an ' +
        'input names such a secret as `store:NAME`. A gateway needs it only to give out tokens for installers.',
    }),
  })
  .superRefine((values, context) => {
    const report = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const { TENANTRY_CODEC_KEYS: keys, TENANTRY_SECRETS_STORE: store } = values;
    if (isProduction(values)) {
      for (const weakness of keys === undefined ? [] : weaknessesOf(keys)) report('TENANTRY_CODEC_KEYS', weakness);
      const loose = store === undefined ? undefined : looseFolderProblem(store);
      if (loose !== undefined) report('TENANTRY_SECRETS_STORE', loose);
    }
    const reason = keys === undefined ? whyRequired(values) : undefined;
    if (reason !== undefined) report('TENANTRY_CODEC_KEYS', `is missing; ${reason}. ${HOW_TO_GET_KEYS}`);
  })
  .transform(({ TENANTRY_CODEC_KEYS: keys, TENANTRY_SECRETS_STORE: secretStore }) => ({ keys, secretStore }))
  .meta({ title: 'Encryption' });

function whyRequired(values: Record<string, unknown>) {
  if (isProduction(values)) return 'in production everything that is kept is encrypted';
  return values['TENANTRY_SECRETS_STORE'] === undefined ? undefined : 'TENANTRY_SECRETS_STORE is encrypted with them';
}
