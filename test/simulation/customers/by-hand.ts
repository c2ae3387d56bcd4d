import { products, type Product } from '../../../bench/events/offer.js';
import type { HandMadeChange } from '../../../bench/events/statements.js';
import type { InProcessSimulator } from '../../../simulator/index.js';

/** What a person switches off at the vendor. Only the first subscription of such a customer has it, and always. */
export const REMOVED: Product = 'price_servers';

/** The change as a person makes it. */
export function handMade(kind: HandMadeChange['kind'], ref: string): HandMadeChange {
  if (kind === 'renamed') return { kind, name: `${ref}, as a person calls it` };
  return kind === 'itemRemoved' ? { kind, item: products[REMOVED].item } : { kind };
}

/** What a person does in the vendor's console. It meets no fault, and the product hears nothing of it. */
export function changeByHand({ world }: InProcessSimulator, tenantId: string, change: HandMadeChange): void {
  if (change.kind === 'disabled') world.disable(tenantId);
  else if (change.kind === 'renamed') world.rename(tenantId, change.name);
  else if (change.kind === 'itemRemoved') world.switchOff(tenantId, change.item);
  else world.remove(tenantId);
}
