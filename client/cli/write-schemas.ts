import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { catalogue } from '../../catalogue/index.js';
import { settingsPage } from '../../settings/page.js';

/** Writes the JSON Schema of every operation's input into `docs/schemas/`, and docs/settings.md: `npm run schemas`. */
for (const { name, schema } of Object.values(catalogue)) {
  const text = JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2);
  writeFileSync(new URL(`../../../docs/schemas/${name}.json`, import.meta.url), `${text}\n`);
}
writeFileSync(new URL('../../../docs/settings.md', import.meta.url), settingsPage());
