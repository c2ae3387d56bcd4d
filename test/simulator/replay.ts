import { expect } from '@jest/globals';
import { useCaller, type Answer, type Caller } from './caller.js';

type Json = Record<string, unknown>;
export interface Item {
  name: string;
  application_id: string;
  edition: string | null;
  usage_name: string;
  type: string;
  status: number;
  infra_id?: string;
}

/** The storage that the vendor's scripts leave out of what they give to a customer. */
const GOOGLE_DR = 'ba2976d0-c13e-4661-ae60-b4593583fce2';
export const EDITION = 'pck_per_gigabyte';
export const NEXT_EDITION = 'pck_per_workload';
export const BACKUP = '6e6d758d-8e74-3ae3-ac84-50eb0dff12eb';

/** The calls that the vendor's public scripts make, one after another, each of which must succeed. */
export interface Replay extends Caller {
  root(): string;
  /** A call below the origin, as the scripts write it: `api/2/tenants`. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>;
  /** What the root offers to a child of that kind. */
  offered(kind: string, edition?: string): Promise<Item[]>;
  /** As the scripts make one: a tenant below a parent, then the items of an edition. */
  makePartner(edition?: string): Promise<Json & { id: string }>;
  makeCustomer(parentId?: string): Promise<Json & { id: string }>;
}

export function useReplay(): Replay {
  const caller = useCaller() as Replay;
  let made = 0;
  const root = () => caller.simulator.rootTenantId;
  const ask: Replay['ask'] = async (method, path, body) => {
    const answer = await caller.callAt(method, `/${path}`, body);
    expect([path, answer.status, answer.status < 300 ? '' : answer.text]).toEqual([path, answer.status, '']);
    return answer;
  };
  const offered: Replay['offered'] = async (kind, edition = EDITION) =>
    (await ask('GET', `api/2/tenants/${root()}/offering_items/available_for_child?kind=${kind}&edition=${edition}`))
      .body['items'] as Item[];
  const make = async (kind: string, parent_id: string, offering_items: Item[]) => {
    const name = `Script ${kind} ${(made += 1)}`;
    const { body } = await ask('POST', 'api/2/tenants', { name, parent_id, kind });
    await ask('PUT', `api/2/tenants/${String(body['id'])}/offering_items`, { offering_items });
    return body as Json & { id: string };
  };
  return Object.assign(caller, {
    root,
    ask,
    offered,
    makePartner: async (edition?: string) => await make('partner', root(), await offered('partner', edition)),
    makeCustomer: async (parentId = root()) => await make('customer', parentId, forCustomer(await offered('customer'))),
  });
}

/** What the scripts keep of an offer: everything but the one storage and the features on it. */
export function forCustomer(items: Item[]): Item[] {
  const kept = ({ type, infra_id }: Item) => type !== 'infra' || infra_id !== GOOGLE_DR;
  const keptFeature = ({ type, usage_name, infra_id }: Item) =>
    type !== 'feature' || !usage_name.startsWith('dr_') || infra_id !== GOOGLE_DR;
  return items.filter((item) => kept(item) && keptFeature(item));
}
