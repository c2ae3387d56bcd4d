import { writeFileSync } from 'node:fs';
import { catalogue, inputSchema } from '../../catalogue/index.js';
import { noticesSchema } from '../../notice-routes/notices-file.js';
import { outgoingSchemas } from '../../catalogue/outgoing-events.js';
import { outgoingFileSchema } from '../../catalogue/outgoing-file.js';
import { plansSchema } from '../../sales-plans/plans-file.js';
import { sourcesSchema } from '../../sources/sources-file.js';
import { settingsPage } from '../../settings/page.js';

/**
 * Writes the JSON Schema of every operation's input, of plans.json, sources.json, notices.json and outgoing.json, and of
 * every outgoing event into `docs/schemas/`, and docs/settings.md:
 * `npm run schemas`.
 */
const schemas = [
  ...Object.values(catalogue).map((entry) => [entry.name, inputSchema(entry)] as const),
  ['plans', plansSchema()] as const,
  ['sources', sourcesSchema()] as const,
  ['notices', noticesSchema()] as const,
  ['outgoing', outgoingFileSchema()] as const,
  ...outgoingSchemas().map(([type, schema]) => [`events/${type}`, schema] as const),
];
for (const [name, schema] of schemas)
  writeFileSync(new URL(`../../../docs/schemas/${name}.json`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(new URL('../../../docs/settings.md', import.meta.url), settingsPage());
