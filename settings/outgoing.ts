import { z } from 'zod';
import { fileWithProxies } from './proxy.js';
import { optionalText, readEnvironment, readSettings, type Environment } from './reader.js';

/** Which addresses get events. */
export const outgoingSettings = z
  .looseObject({
    TENANTRY_OUTGOING: optionalText({
      meaning:
        'Path of `outgoing.json`, which names the addresses that get events. See [outgoing events](outgoing-events.md).',
      default: 'nobody gets events',
    }),
  })
  .transform((values) => fileWithProxies(values.TENANTRY_OUTGOING, values))
  .meta({ title: 'Outgoing events' });

/** The path of `outgoing.json`; undefined when none is set. */
export function loadOutgoingPath(given?: Environment): string | undefined {
  return readSettings(z.object({ outgoing: outgoingSettings }), readEnvironment(given)).outgoing.path;
}
