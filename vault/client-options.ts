import type { ClientOptions } from '@temporalio/client';
import { dataConverter } from './codec.js';
import type { KeyRing } from './keys.js';
import { repeatedQueries } from './repeated-queries.js';

/** What every client needs to read and ask the runs of this product; with keys where the runs are encrypted. */
export function clientOptions(keys?: KeyRing): Pick<ClientOptions, 'dataConverter' | 'interceptors'> {
  return { dataConverter: dataConverter(keys), interceptors: repeatedQueries };
}
