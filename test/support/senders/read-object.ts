import type { Fact } from '../../../contract/facts.js';
import type { SourceObject } from '../../../contract/source-objects.js';
import { openApi } from '../../../sources/api/http.js';
import { sourceApis } from '../../../sources/api/index.js';
import type { TruthContext } from '../../../sources/api/source-api.js';
import type { SourceKindName } from '../../../sources/index.js';
import type { Reading } from '../../../sources/kind.js';
import { CLIENT_ID } from './connectwise.js';

interface ReadableSender {
  kind: SourceKindName;
  key: string;
  address: string;
}

/** What an imitated sender says of an object. */
export async function readObject(
  { kind, key, address }: ReadableSender,
  object: SourceObject,
  more: Partial<TruthContext> = {},
): Promise<Reading[]> {
  const api = sourceApis[kind]!;
  const ask = openApi({ address, headers: api.headers(key, { clientId: CLIENT_ID }), fetch: globalThis.fetch });
  const event = { id: 'evt-1', type: 'changed', live: true };
  return await api.read(object, ask, { name: 'shop', timezone: 'UTC', now: new Date(), event, ...more });
}

export const factsIn = (readings: Reading[]): Fact[] =>
  readings.flatMap((one) => (one.says === 'facts' ? one.facts : []));
