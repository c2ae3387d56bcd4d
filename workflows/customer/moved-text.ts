import { customerMoveCommands } from '../../contract/commands.js';
import { MOVED } from '../../contract/customers.js';
import { subscriptionText } from '../../contract/subscription-owners.js';
import { openHoldings, type OpenHolding } from './holdings.js';
import type { CustomerMemory } from './memory.js';

/** What the customer waits for while a person must say whose a subscription is: from whom, to whom, and what to type. */
export function movedText(memory: CustomerMemory, cloud: string | undefined): string | undefined {
  const open = openHoldings(memory);
  return open.length === 0 ? undefined : `${MOVED}: ${open.map((one) => sentence(one, cloud)).join('; ')}`;
}

function sentence({ subscription, holding: { owner, others } }: OpenHolding, cloud: string | undefined): string {
  const name = subscriptionText(subscription);
  const to = others.map(({ ref }) => ref);
  const commands = (refs: string[]) =>
    customerMoveCommands({ subscription: name, owner: owner.ref, to: refs, cloud }).join(' or ');
  return (
    `${owner.ref} has ${name}, and its source has spoken of it under ${to.join(', ')} too. Nothing follows from it before a ` +
    `person says whose it is: ${commands(to)}, or, if it stays, ${commands([owner.ref])}`
  );
}
