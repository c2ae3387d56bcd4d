// CommonJS, because Temporal loads it with `require`, and not every Node version can require an ES module
import common = require('@temporalio/common');

/**
 * Failures of these types are only returned to the caller, never stored. Temporal's UI shows them and could not decrypt
 * them.
 */
const neverStored: readonly unknown[] = ['DecisionRefused', 'UnreadNews'];

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
    const isStored = !(error instanceof common.ApplicationFailure) || !neverStored.includes(error.type);
    return isStored ? super.errorToFailure(error, ...rest) : unencrypted.errorToFailure(error, ...rest);
  }
}

const failureConverter = new FailureConverter();

export = { failureConverter };
