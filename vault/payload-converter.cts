// CommonJS, because Temporal loads it with `require`, and not every Node version can require an ES module
import common = require('@temporalio/common');

/** The codec of a worker gives this encoding to a payload that cannot be decrypted; its data say why. */
const UNREADABLE = 'binary/unreadable';

/**
 * Converts payloads as Temporal does, and says why one could not be decrypted. Loaded by its path, also in the workflow
 * bundle.
 */
class PayloadConverter extends common.DefaultPayloadConverter {
  override fromPayload<T>(
    payload: common.Payload,
    context?: common.SerializationContext,
    hint?: common.ConverterHint<T>,
  ): T {
    if (toText(payload.metadata?.[common.METADATA_ENCODING_KEY]) === UNREADABLE)
      throw new common.ValueError(toText(payload.data));
    return super.fromPayload(payload, context, hint);
  }
}

function toText(bytes: Uint8Array | null | undefined): string {
  return bytes ? new TextDecoder().decode(bytes) : '';
}

const payloadConverter = new PayloadConverter();

export = { payloadConverter };
