/** An AES-256 key. Its id is stored with everything that it encrypts. */
export interface Key {
  id: string;
  bytes: Buffer;
}

/**
 * Keys by id. The first one encrypts, all of them decrypt. To rotate, put a new key in front and keep the old one while
 * it is needed.
 */
export interface KeyRing {
  readonly current: Key;
  /** The current one first. */
  readonly ids: readonly string[];
  find(id: string): Key | undefined;
}

const KEY_BYTES = 32;
/** A random key has about thirty. A key of zeros, or of a repeated word, has few. */
const MIN_DIFFERENT_BYTES = 16;

/** Reads `id:base64,id:base64`. Throws a message that names the faulty key and never shows a key. */
export function parseKeys(text: string): KeyRing {
  const keys = text.split(',').map((part) => parseKey(part.trim()));
  const ids = keys.map(({ id }) => id);
  const duplicate = ids.find((id, at) => ids.indexOf(id) !== at);
  if (duplicate !== undefined) throw new Error(`the key id ${duplicate} is there twice`);
  return { current: keys[0]!, ids, find: (id) => keys.find((key) => key.id === id) };
}

/** Why keys that can be used protect less than they should, a sentence for each reason. */
export function weaknessesOf({ ids, find }: KeyRing): string[] {
  const keys = ids.map((id) => find(id)!);
  return keys.flatMap(({ id, bytes }, at) => {
    const isGuessable = new Set(bytes).size < MIN_DIFFERENT_BYTES;
    const same = keys.slice(0, at).find((other) => other.bytes.equals(bytes));
    return [
      ...(isGuessable ? [`the key ${id} is not random; create one with "openssl rand -base64 32"`] : []),
      ...(same === undefined ? [] : [`the keys ${same.id} and ${id} are the same; leave one of them out`]),
    ];
  });
}

function parseKey(part: string): Key {
  const [, id, base64] = /^([A-Za-z0-9_.-]{1,40}):([A-Za-z0-9+/_-]+={0,2})$/.exec(part) ?? [];
  if (id === undefined || base64 === undefined)
    throw new Error('must be "id:key", several separated by commas; create a key with "openssl rand -base64 32"');
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== KEY_BYTES)
    throw new Error(`the key ${id} has ${bytes.length} bytes instead of 32; create one with "openssl rand -base64 32"`);
  return { id, bytes };
}
