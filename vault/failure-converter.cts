// CommonJS, because Temporal loads it with `require`, and not every Node version can require an ES module
import common = require('@temporalio/common');

/**
 * Failures of these types are only returned to the caller, never stored. Temporal's UI shows them and could not decrypt
 * them.
 */
const neverStored: readonly unknown[] = ['DecisionRefused', 'UnreadNews'];
/** The same for a failure that has lost its type on its way from the thread of the workflows. */
const NEVER_STORED_MESSAGE = 'this run has news that no worker has read yet; ask again in a moment';

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
    return isStored(error) ? super.errorToFailure(error, ...rest) : unencrypted.errorToFailure(error, ...rest);
  }
}

function isStored(error: unknown): boolean {
  if (error instanceof common.ApplicationFailure) return !neverStored.includes(error.type);
  return !(error instanceof Error) || error.message !== NEVER_STORED_MESSAGE;
}

const failureConverter = new FailureConverter();

export = { failureConverter };
