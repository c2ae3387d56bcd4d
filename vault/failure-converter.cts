// CommonJS, because Temporal loads it by `require`, and not every program that does so can require an ES module
import common = require('@temporalio/common');

/** Failure type of what is told to a caller and never kept; Temporal's UI shows it, and could not decrypt it. */
const NEVER_KEPT = 'DecisionRefused';

const open = new common.DefaultFailureConverter();

/** Puts messages and stack traces of failures where the codec reaches them; found by its path, also inside the workflow bundle. */
class FailureConverter extends common.DefaultFailureConverter {
  constructor() {
    super({ encodeCommonAttributes: true });
  }

  override errorToFailure(...[error, ...rest]: Parameters<common.FailureConverter['errorToFailure']>) {
    const kept = !(error instanceof common.ApplicationFailure) || error.type !== NEVER_KEPT;
    return kept ? super.errorToFailure(error, ...rest) : open.errorToFailure(error, ...rest);
  }
}

const failureConverter = new FailureConverter();

export = { failureConverter };
