import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import { createCodec } from './codec.js';
import type { KeyRing } from './keys.js';

/** Where the failure converter lies, for the workflow bundle that goes with the codec. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** How clients and workers turn values into payloads: encrypted with keys; without, in the open, and what is encrypted is `Unreadable`. */
export function dataConverter(keys: KeyRing | undefined): DataConverter {
  const payloadCodecs = [createCodec(keys)];
  return keys === undefined ? { payloadCodecs } : { failureConverterPath, payloadCodecs };
}
