import type { ConfiguredSource } from '../client/overview/source-health.js';
import { sourceApis } from '../sources/api/index.js';
import type { ReadySource } from './ready-sources.js';

/** What may be shown of a source: nothing of its secrets. */
export function toConfigured({ name, kind, act, mode, apiKey }: ReadySource): ConfiguredSource {
  return { name, kind, act, mode, isListed: apiKey !== undefined && sourceApis[kind] !== undefined };
}
