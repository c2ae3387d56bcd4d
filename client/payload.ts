import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

/** The first value of what Temporal keeps, decrypted; undefined when there is none. Fails with `Unreadable` without its key. */
export async function decoded(
  client: Client,
  kept: { payloads?: Payload[] | null } | null | undefined,
): Promise<unknown> {
  const payload = kept?.payloads?.[0];
  if (payload === undefined) return undefined;
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let [plain] = [payload];
  for (const codec of payloadCodecs.toReversed()) [plain = payload] = await codec.decode([plain]);
  return payloadConverter.fromPayload(plain);
}
