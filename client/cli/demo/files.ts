import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '../../../settings/api-keys.js';

/** The files of one demonstration, in a folder of their own. */
export class DemoFiles {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tenantry-demo-'));

  constructor() {
    // Ctrl-C ends the demonstration in the middle
    process.once('exit', () => this.remove());
  }

  /** Writes `sources.json` and `plans.json`, and gives the settings that name them. */
  saleSettings(sources: object, plans: object): Record<string, string> {
    return { TENANTRY_SOURCES: this.write('sources.json', sources), TENANTRY_PLANS: this.write('plans.json', plans) };
  }

  /** Makes an API key that may do everything, and gives the setting that names its file. */
  async keySettings(name: string): Promise<Record<string, string>> {
    const path = join(this.folder, 'api-keys.json');
    await createKey(path, { name, role: 'decide' });
    return { TENANTRY_API_KEYS: path };
  }

  /** A folder that only this user can read. */
  folderFor(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { mode: 0o700, recursive: true });
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, content: object): string {
    const path = join(this.folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
}
