export { clientOptions } from './client-options.js';
export { contextOf, createCodec, dataConverter, decodeFirst, failureConverterPath, keyIdsOf } from './codec.js';
export { payloadConverterPath, workerDataConverter } from './damaged-payloads.js';
export { DecryptionError } from './encryption.js';
export { parseKeys, type KeyRing } from './keys.js';
export { repeatedQueries } from './repeated-queries.js';
export { finalStatus, startInput } from './run-records.js';
export { configuredSecretStore, createSecretReader, isPlaceKnown, type SecretSources } from './secret-reader.js';
export { openSecretStore, secretName, type SecretOwner, type SecretStore, type StoredSecret } from './secret-store.js';
