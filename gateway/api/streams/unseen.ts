import type { FastifyRequest } from 'fastify';

/**
 * Leaves once the key of a request does not see any more what it has asked for, or when nobody can say so. Gives the function
 * that ends the looking.
 */
export function leaveWhenUnseen(
  { stillSees }: Pick<FastifyRequest, 'stillSees'>,
  leave: () => void,
  everyMs: number,
): () => void {
  if (stillSees === undefined) return () => undefined;
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const sees = await stillSees().catch(() => false);
    isLooking = false;
    if (!sees) leave();
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return () => clearInterval(timer);
}
