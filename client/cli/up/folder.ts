import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TenantryError } from '../../../contract/errors.js';
import { createKey } from '../../../settings/api-keys.js';

const DATABASE = 'temporal.db';
const KEYS = 'api-keys.json';
export const KEY_NAME = 'you';
const examples = fileURLToPath(new URL('../../../../examples/first-sale/', import.meta.url));

/** Where one installation for trying keeps everything: a given folder, or a temporary one that is removed. */
export class TryingFolder {
  readonly path: string;

  /** Refused when the folder holds something else. */
  constructor(private readonly given?: string) {
    if (given === undefined) {
      this.path = mkdtempSync(join(tmpdir(), 'tenantry-up-'));
      // also when a second Ctrl-C ends the program at once
      process.once('exit', () => this.remove());
      return;
    }
    this.path = resolve(given);
    checkContent(this.path);
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
  }

  get isKept(): boolean {
    return this.given !== undefined;
  }

  readonly database = () => this.file(DATABASE);
  readonly cloud = () => this.file('simulator.db');
  readonly keys = () => this.file(KEYS);
  readonly key = () => this.file('api-key');
  readonly sources = () => this.file('sources.json');
  readonly plans = () => this.file('plans.json');
  readonly artefacts = () => this.file('artefacts');
  readonly log = (part: string) => this.file(`${part}.log`);

  /** Writes what is missing: a source of events, a sales plan, and a key for page and HTTP API. */
  async fill(): Promise<void> {
    for (const name of ['sources.json', 'plans.json'])
      if (!existsSync(this.file(name))) copyFileSync(join(examples, name), this.file(name));
    if (existsSync(this.keys())) return;
    writeFileSync(this.key(), `${await createKey(this.keys(), { name: KEY_NAME, role: 'decide' })}\n`, { mode: 0o600 });
  }

  /** Removes a temporary folder. */
  remove(): void {
    if (!this.isKept) rmSync(this.path, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.path, name);
  }
}

function checkContent(path: string): void {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new TenantryError('refused', `--folder ${path}: it cannot be used as a folder. Give another one.`);
  }
  const isOurs = names.length === 0 || names.includes(KEYS);
  if (!isOurs)
    throw new TenantryError(
      'refused',
      `--folder ${path}: other things are in there. Give an empty folder or a new one.`,
    );
}
