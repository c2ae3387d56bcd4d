import type { SourceObject } from '../contract/source-objects.js';
import { sourceApis } from '../sources/api/index.js';
import type { Source } from '../sources/sources-file.js';

/**
 * Why nothing is done about an object of which an event says only that it has changed; undefined where a worker can read
 * its state from the sender's API.
 */
export function whyUnread({ kind, apiKey }: Pick<Source, 'kind' | 'apiKey'>, object: SourceObject): string | undefined {
  const says = `the event says only that ${object.type} ${object.id} has changed`;
  if (sourceApis[kind] === undefined) return `${says}, and no API of ${kind} is read`;
  return apiKey === undefined ? `${says}, and without apiKey this source cannot be asked how it is now` : undefined;
}
