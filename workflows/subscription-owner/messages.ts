import type { Hearer, OwnerMessage, SubscriptionOwnership } from '../../contract/subscription-owners.js';

/** A message if it is one: anybody can send the signal. */
export function readMessage(content: unknown): OwnerMessage | undefined {
  const { claim, give, heard } = partsOf<Record<'claim' | 'give' | 'heard', unknown>>(content);
  if (isHearer(claim)) return { claim };
  const { from, to, by, known } = partsOf<Record<'from' | 'to' | 'by' | 'known', unknown>>(give);
  if (isHearer(from) && isHearer(to) && isDecision(by))
    return { give: { from, to, by, ...(isObject(known) && { known }) } };
  const said = partsOf<Record<'from' | 'known', unknown>>(heard);
  if (isHearer(said.from) && isObject(said.known)) return { heard: { from: said.from, known: said.known } };
  return undefined;
}

/** True for what the workflow of a subscription keeps. */
export function isOwnership(content: unknown): content is SubscriptionOwnership {
  const { owner, others, turn } = partsOf<Record<keyof SubscriptionOwnership, unknown>>(content);
  return isHearer(owner) && Array.isArray(others) && others.every(isHearer) && typeof turn === 'number';
}

function isHearer(content: unknown): content is Hearer {
  const { ref, id } = partsOf<Record<keyof Hearer, unknown>>(content);
  return typeof ref === 'string' && typeof id === 'string';
}

function isDecision(content: unknown): content is { actor: string; reason: string; at: string } {
  const { actor, reason, at } = partsOf<Record<'actor' | 'reason' | 'at', unknown>>(content);
  return [actor, reason, at].every((field) => typeof field === 'string');
}

function isObject(content: unknown): content is object {
  return typeof content === 'object' && content !== null;
}

function partsOf<T>(content: unknown): Partial<T> {
  return isObject(content) ? content : {};
}
