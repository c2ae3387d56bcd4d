export { createCodec } from './codec.js';
export { serveCodec, type CodecServer } from './codec-server.js';
export { dataConverter, failureConverterPath } from './data-converter.js';
export { parseKeys, type Key, type KeyRing } from './keys.js';
export { Unreadable } from './unreadable.js';
export { openStore, secretName, type SecretStore } from './store.js';
