import { writeFileSync } from 'node:fs';
import { catalogue, inputSchema } from '../../catalogue/index.js';
import { settingsPage } from '../../settings/page.js';

/** Writes the JSON Schema of every operation's input into `docs/schemas/`, and docs/settings.md: `npm run schemas`. */
for (const entry of Object.values(catalogue)) {
  const text = JSON.stringify(inputSchema(entry), null, 2);
  writeFileSync(new URL(`../../../docs/schemas/${entry.name}.json`, import.meta.url), `${text}\n`);
}
writeFileSync(new URL('../../../docs/settings.md', import.meta.url), settingsPage());
