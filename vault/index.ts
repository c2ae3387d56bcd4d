export { createCodec } from './codec.js';
export { serveCodec, type CodecServer } from './codec-server.js';
export { readEnvironment, readKeys } from './config.js';
export { dataConverter, failureConverterPath } from './data-converter.js';
export { fileAt, named, type Environment } from './environment.js';
export { parseKeys, type Key, type KeyRing } from './keys.js';
export { Unreadable } from './unreadable.js';
export { openStore, secretName, type SecretStore } from './store.js';
