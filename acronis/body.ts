/** The most bytes of an answer that are kept in memory, after decompression. */
export const MOST_BYTES = 16 * 1024 * 1024;
/** The vendor's errors are short; a longer page comes from something in front of it. */
export const MOST_ERROR_BYTES = 64 * 1024;

/**
 * Reads a body as text, counting its bytes after decompression. What goes beyond the limit is not read: then the text
 * is cut, and `isCut` is true.
 */
export async function readText(response: Response, mostBytes: number): Promise<{ text: string; isCut: boolean }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.byteLength;
    // leaving the loop closes the connection
    if (bytes > mostBytes) break;
  }
  return { text: new TextDecoder().decode(Buffer.concat(parts).subarray(0, mostBytes)), isCut: bytes > mostBytes };
}

/** How long one part of a body may take, and what happens when it takes longer. */
export interface PartLimit {
  idleMs: number;
  onIdle: () => void;
}

/** The parts of a body as they arrive. The time in which the reader is busy with a part does not count as idle. */
export async function* partsOf(body: ReadableStream<Uint8Array> | null, { idleMs, onIdle }: PartLimit) {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const timer = setTimeout(onIdle, idleMs);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
