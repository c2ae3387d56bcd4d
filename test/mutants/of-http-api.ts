import type { Mutant } from './mutant.js';

export const httpApiMutants: readonly Mutant[] = [
  {
    mistake: 'an answer with the names of people stays in Temporal',
    file: 'client/ask-worker.ts',
    find: 'if (begun) await deleteRun(client, workflowId).catch(nothing);',
    replace: 'if (begun) nothing();',
    caughtIn: 'gateway/api/asking',
    title: 'every question is deleted with its answer',
  },
  {
    mistake: 'a page of a look-up begins with the last row of the page before',
    file: 'lookups/page.ts',
    find: '      found = placeOf(row) === after;\n      continue;',
    replace: '      found = placeOf(row) === after;\n      if (!found) continue;',
    caughtIn: 'gateway/api/asking',
    title: 'a look-up comes page by page',
  },
  {
    mistake: 'an Idempotency-Key does not look at the body',
    file: 'client/idempotent-start.ts',
    find: 'JSON.stringify([operation, sorted(input)])',
    replace: 'JSON.stringify([operation])',
    caughtIn: 'gateway/api/idempotency',
    title: 'the same key with another body',
  },
  {
    mistake: 'a request is carried out although the audit log cannot be written',
    file: 'gateway/api/auditing.ts',
    find: '      throw cannotBeWritten(error);',
    replace: '      if (request.id === "") throw cannotBeWritten(error);',
    caughtIn: 'gateway/api/audit',
    title: 'while the log cannot be written, nothing is changed',
  },
  {
    mistake: 'one decision for all of a cause reaches runs that are blocked elsewhere by then',
    file: 'client/cause-decisions.ts',
    find: 'if (type === cause.type && step === cause.step) return undefined;',
    replace: 'if (type === cause.type) return undefined;',
    caughtIn: 'client/cause-decisions',
    title: 'each run is decided for only if it is still blocked for this cause',
  },
  {
    mistake: 'one decision for all of a cause is written down once, and not for each run',
    file: 'gateway/api/auditing.ts',
    find: '...askedLine(request), at: at(), requestId, id }',
    replace: '...askedLine(request), at: at() }',
    caughtIn: 'gateway/page/decisions',
    title: 'the runs that were shown are decided for, each as it is then, and each is written down',
  },
];
