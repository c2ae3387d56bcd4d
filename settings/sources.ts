import { z } from 'zod';
import { fileWithProxies } from './proxy.js';
import { optionalText, readEnvironment, readSettings, type Environment } from './reader.js';

/** Where the systems that send events are described. */
export const sourcesSettings = z
  .looseObject({
    TENANTRY_SOURCES: optionalText({
      meaning: 'Path of `sources.json`, which describes the systems that send events. See [events](events.md).',
    }),
  })
  .transform((values) => fileWithProxies(values.TENANTRY_SOURCES, values))
  .meta({ title: 'Sources of events' });

/** The path of `sources.json`; undefined when none is set. */
export function loadSourcesPath(given?: Environment): string | undefined {
  return readSettings(z.object({ sources: sourcesSettings }), readEnvironment(given)).sources.path;
}
