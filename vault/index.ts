export { createCodec } from './codec.js';
export { startCodecServer, type CodecServer } from './codec-server.js';
export { dataConverter, failureConverterPath } from './data-converter.js';
export { parseKeys, type Key, type KeyRing } from './keys.js';
export { DecryptionError } from './unreadable.js';
export { openSecretStore, secretName, type SecretStore } from './secret-store.js';
