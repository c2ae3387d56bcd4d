import { TenantryError } from '../../contract/errors.js';
import type { LookUpPage } from '../../contract/questions.js';

/** Asks a worker for the tenants and users of a cloud that fit a text. */
export type AskCloud = (cloud: string, text: string) => Promise<Pick<LookUpPage, 'rows' | 'next'>>;

/** What a cloud has found. */
export interface CloudMatches {
  /** In small letters. */
  tenantIds: ReadonlySet<string>;
  /** What is not in it, and why: a sentence. */
  missing?: string;
}

/** The vendor searches for no shorter text. */
export const SHORTEST_TEXT = 3;
const KEEP_MS = 60_000;
const KEEP_TROUBLE_MS = 5000;
const MOST_KEPT = 200;
const NOBODY: ReadonlySet<string> = new Set();

/** The tenants whose name, customer id, contact or one of whose logins fits a text. A screen that is looked at asks once a minute. */
export class CloudSearch {
  private readonly kept = new Map<string, { until: number; found: Promise<CloudMatches> }>();

  constructor(
    private readonly ask: AskCloud,
    private readonly now: () => number = Date.now,
  ) {}

  async find(cloud: string, text: string): Promise<CloudMatches> {
    const name = JSON.stringify([cloud, text.toLowerCase()]);
    const kept = this.kept.get(name);
    if (kept !== undefined && this.now() < kept.until) return await kept.found;
    const entry = { until: Infinity, found: this.findNow(cloud, text) };
    this.kept.set(name, entry);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    try {
      const found = await entry.found;
      entry.until = this.now() + (found.missing === undefined ? KEEP_MS : KEEP_TROUBLE_MS);
      return found;
    } catch (error) {
      this.kept.delete(name);
      throw error;
    }
  }

  private async findNow(cloud: string, text: string): Promise<CloudMatches> {
    try {
      const { rows, next } = await this.ask(cloud, text);
      const ids = rows.map(({ type, id, parentId }) => String(type === 'user' ? parentId : id).toLowerCase());
      const more = `The cloud ${cloud} finds more than ${rows.length} tenants and users: name more of the text.`;
      return { tenantIds: new Set(ids), ...(next !== undefined && { missing: more }) };
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      const missing = `The cloud ${cloud} was not searched for names and logins: ${error.message}`;
      return { tenantIds: NOBODY, missing };
    }
  }
}
