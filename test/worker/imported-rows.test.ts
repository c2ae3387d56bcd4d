import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { openArtefacts } from '../../artefact-store/index.js';
import { sha256Of, textOfRows } from '../../catalogue/imported-rows.js';
import { storedRowsName, type ImportedRow } from '../../contract/imported-rows.js';
import { parseKeys, sealText } from '../../vault/index.js';
import { StoredImports } from '../../worker/imported-rows.js';
import { inParts } from '../support/file-content.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));
const store = openArtefacts({ folder });
const keys = parseKeys(`k1:${Buffer.alloc(32, 1).toString('base64')}`);

const row: ImportedRow = {
  customer: { ref: 'C-1', name: 'Müller' },
  subscription: { ref: 'C-1', items: [{ plan: 'desktop', quantity: 1 }], state: 'active' },
};
const text = textOfRows([row]);
const sha256 = sha256Of(text);
const put = async (content: string) =>
  await store.put({ name: storedRowsName(sha256), content: inParts(content), type: 'text/plain' });
const storedAt = (place: string) => ({ source: 'csv', place, sha256, at: '2026-11-30T10:00:00.000Z' });

test('kept rows are read by their SHA-256, also encrypted, and are gone after the import', async () => {
  const imports = new StoredImports(store, keys);
  const stored = storedAt(await put(sealText(keys, text, sha256)));

  expect([...(await imports.read(stored))]).toEqual([['C-1', row]]);
  await imports.forget(stored);
  expect(existsSync(fileURLToPath(stored.place))).toBe(false);
  await expect(imports.read(stored)).rejects.toThrow('ENOENT');
  await imports.forget(stored);
});

test('rows that somebody has changed are not read', async () => {
  const place = await put(text.replace('"quantity":1', '"quantity":100'));

  await expect(new StoredImports(store, keys).read(storedAt(place))).rejects.toThrow(
    'they are not those that the import was started with',
  );
  writeFileSync(fileURLToPath(place), readFileSync(fileURLToPath(place), 'utf8').replace('100', '1'));
  expect((await new StoredImports(store, undefined).read(storedAt(place))).size).toBe(1);
});
