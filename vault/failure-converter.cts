// CommonJS, because Temporal loads it with `require`, and not every Node version can require an ES module
import common = require('@temporalio/common');

/**
 * A failure of this type is only returned to the caller, never stored. Temporal's UI shows it and could not decrypt it.
 */
const NEVER_STORED = 'DecisionRefused';

const unencrypted = new common.DefaultFailureConverter();

/**
 * Moves messages and stack traces of failures into a payload, so that the codec encrypts them. Loaded by its path, also
 * in the workflow bundle.
 */
class FailureConverter extends common.DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(...[error, ...rest]: Parameters<common.FailureConverter['errorToFailure']>) {
    const isStored = !(error instanceof common.ApplicationFailure) || error.type !== NEVER_STORED;
    return isStored ? super.errorToFailure(error, ...rest) : unencrypted.errorToFailure(error, ...rest);
  }
}

const failureConverter = new FailureConverter();

export = { failureConverter };
