import type { StepSecretStore } from '../../activities/attempt.js';
import type { StoredSecret } from '../../vault/index.js';

const stores = new WeakMap<Map<string, string>, Map<string, StoredSecret>>();

/** A secret store in memory. A test may change the values: what it puts there has no origin, like what a person stores. */
export function secretStoreIn(values: Map<string, string>): StepSecretStore {
  const stored = stores.get(values) ?? new Map<string, StoredSecret>();
  stores.set(values, stored);
  const read = async (name: string) => {
    const value = values.get(name);
    const known = stored.get(name);
    if (value === undefined) return undefined;
    return known?.value === value ? known : { value };
  };
  return {
    read,
    check: async () => undefined,
    async put(name, value, origin, check) {
      check?.(await read(name));
      values.set(name, value);
      stored.set(name, { value, ...(origin && { origin }) });
    },
    remove: async (name) => values.delete(name),
  };
}
