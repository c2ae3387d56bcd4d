import type { IncomingMessage } from 'node:http';

/** The largest body, in bytes. */
export const MOST_BYTES = 1024 * 1024;

export type Body = { bytes: Buffer } | { problem: 'tooLarge' | 'slow' | 'broken' };

/**
 * Reads the raw bytes of a body, at most 1 MiB and for at most `ms` milliseconds, or until it is to be given up. Never rejects. What comes after a
 * problem is read and dropped, so that the sender can read the answer.
 */
export async function readBody(request: IncomingMessage, ms: number, giveUp: AbortSignal): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return { problem: 'tooLarge' };
  return await new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const end = (body: Body) => {
      clearTimeout(timer);
      giveUp.removeEventListener('abort', slow);
      request.off('data', take).off('end', complete).off('close', broken).resume();
      resolve(body);
    };
    const take = (part: Buffer) => {
      bytes += part.length;
      if (bytes > MOST_BYTES) end({ problem: 'tooLarge' });
      else parts.push(part);
    };
    const complete = () => end({ bytes: Buffer.concat(parts) });
    const broken = () => end({ problem: 'broken' });
    const slow = () => end({ problem: 'slow' });
    const timer = setTimeout(slow, ms);
    giveUp.addEventListener('abort', slow);
    request.on('error', () => undefined);
    request.on('data', take).on('end', complete).on('close', broken);
  });
}

/** Whether the headers say that the body is something else than plain JSON. */
export function isOtherThanJson({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = headers;
  return encoding !== 'identity' || (type !== undefined && !/^[^;]*[/+]json\s*(;|$)/i.test(type));
}
