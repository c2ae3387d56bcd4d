import { createHash, randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { TenantryError } from '../contract/errors.js';
import { CLOUD_NAME, UUID } from '../contract/ids.js';
import type { FileReading } from './json-file.js';
import { optionalText, readEnvironment, readSettings, type Environment } from './reader.js';
import { load } from './watched-file.js';

/** What a key of the HTTP API may do, the least first; each may do what those before it may. */
export const roles = ['read', 'operate', 'decide'] as const;
export type Role = (typeof roles)[number];

export const keyName = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

const keySchema = z.strictObject({
  name: z.string().regex(keyName),
  role: z.enum(roles),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.iso.datetime(),
  /** Only these operations; all without it. */
  operations: z.array(z.string()).min(1).optional(),
  /** Only what is about one of these tenants, or about one below them; everything without it. */
  below: z
    .array(z.strictObject({ tenantId: z.string().regex(UUID).toLowerCase(), cloud: z.string().regex(CLOUD_NAME) }))
    .min(1)
    .optional(),
});
const fileSchema = z.strictObject({ keys: z.array(keySchema) });

export type ApiKey = z.infer<typeof keySchema>;

export const apiKeySettings = z
  .looseObject({
    TENANTRY_API_KEYS: optionalText({
      meaning:
        'Path of the file with the keys of the HTTP API, which `tenantry key create` writes. It holds no secret: of each ' +
        'key only its SHA-256. Without it the API refuses every request. See [API](api.md).',
    }),
  })
  .transform((values) => values.TENANTRY_API_KEYS)
  .meta({ title: 'HTTP API' });

/** The path of the file of keys; undefined when none is set. */
export function loadApiKeysPath(given?: Environment): string | undefined {
  return readSettings(z.object({ keys: apiKeySettings }), readEnvironment(given)).keys;
}

/** How long a writer waits for another one, in milliseconds. */
const PATIENCE_MS = 5000;
const PAUSE_MS = 50;

/** Reads the JSON of a file of keys. */
export function readKeysJson(value: unknown): FileReading<{ keys: ApiKey[] }> {
  const reading = fileSchema.safeParse(value);
  if (reading.success) return reading.data;
  return { problems: reading.error.issues.map(({ path, message }) => ({ path: path.join('.') || 'keys', message })) };
}

/** The keys in a file; none when there is no file. Fails as `refused` when the file cannot be used. */
export async function readKeys(path: string): Promise<ApiKey[]> {
  const { keys } = await load({
    path,
    name: 'keys',
    setting: 'TENANTRY_API_KEYS',
    read: readKeysJson,
    missing: { keys: [] },
  });
  return keys;
}

/** The secret itself is kept nowhere. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Adds a key and returns its secret, which nobody can read again. Refused when the name is in use. */
export async function createKey(path: string, fields: Omit<ApiKey, 'sha256' | 'createdAt'>): Promise<string> {
  const secret = `tk_${randomBytes(32).toString('base64url')}`;
  await change(path, (keys) => {
    if (keys.some(({ name }) => name === fields.name))
      throw new TenantryError('refused', `There is a key ${fields.name} already. Revoke it, or give another name.`);
    return [...keys, { ...fields, sha256: digestOf(secret), createdAt: new Date().toISOString() }];
  });
  return secret;
}

/** Removes a key. Refused when there is none of this name. */
export async function revokeKey(path: string, name: string): Promise<void> {
  await change(path, (keys) => {
    const others = keys.filter((key) => key.name !== name);
    if (others.length < keys.length) return others;
    throw new TenantryError('refused', `There is no key ${name}. "tenantry key list" shows those there are.`);
  });
}

/** Writes a new file in its place; the new file is also the lock of whoever writes it. */
async function change(path: string, act: (keys: ApiKey[]) => ApiKey[]): Promise<void> {
  const next = `${path}.new`;
  const file = await openAlone(next);
  try {
    try {
      await file.writeFile(`${JSON.stringify({ keys: act(await readKeys(path)) }, undefined, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

async function openAlone(next: string) {
  for (let waited = 0; ; waited += PAUSE_MS)
    try {
      return await open(next, 'wx', 0o600);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw new TenantryError('refused', `${next} cannot be written: ${code ?? message}.`);
      if (waited >= PATIENCE_MS)
        throw new TenantryError('unavailable', `Another program writes ${next}. If none does, remove that file.`);
      await sleep(PAUSE_MS);
    }
}
