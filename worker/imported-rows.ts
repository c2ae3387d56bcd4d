import type { ImportedRows } from '../activities/index.js';
import { readRows } from '../catalogue/imported-rows.js';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import type { ImportedRow, StoredRows } from '../contract/imported-rows.js';
import { openText, type KeyRing } from '../vault/index.js';

/** The rows of imports in the artefact store. Those that were read last stay in memory: a rollout asks for them often. */
export class StoredImports implements ImportedRows {
  private last: { sha256: string; rows: ReadonlyMap<string, ImportedRow> } | undefined;

  constructor(
    private readonly store: ReadableArtefactStore,
    private readonly keys: KeyRing | undefined,
  ) {}

  async read({ place, sha256 }: StoredRows): Promise<ReadonlyMap<string, ImportedRow>> {
    if (this.last?.sha256 === sha256) return this.last.rows;
    const rows = readRows(openText(this.keys, await this.store.get(place), sha256), sha256);
    this.last = { sha256, rows };
    return rows;
  }

  async forget({ place, sha256 }: StoredRows): Promise<void> {
    if (this.last?.sha256 === sha256) this.last = undefined;
    await this.store.remove(place);
  }
}
