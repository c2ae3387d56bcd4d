// CommonJS, because Temporal loads it by `require`, and not every program that does so can require an ES module
import common = require('@temporalio/common');

/** Puts messages and stack traces of failures where the codec reaches them; found by its path, also inside the workflow bundle. */
const failureConverter = new common.DefaultFailureConverter({ encodeCommonAttributes: true });

export = { failureConverter };
