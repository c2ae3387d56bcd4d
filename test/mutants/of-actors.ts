import type { Mutant } from './mutant.js';

export const actorMutants: readonly Mutant[] = [
  {
    mistake: 'a signature is not compared',
    file: 'vault/actor-proofs.ts',
    find: '!timingSafeEqual(given, right)',
    replace: '!timingSafeEqual(given, given)',
    caughtIn: 'vault/actor-proofs',
    title: 'is not one for another actor',
  },
  {
    mistake: 'a proof counts as often as somebody sends it',
    file: 'workflows/decisions/actor-check.ts',
    find: "if ('verified' in answer) this.used.add(proof.nonce);",
    replace: '',
    caughtIn: 'workflows/customer/actors',
    title: 'a proof counts once',
  },
  {
    mistake: 'whoever starts a customer by hand can say who is verified',
    file: 'workflows/decisions/actor-check.ts',
    find: 'workflowInfo().continuedFromExecutionRunId !== undefined || ',
    replace: 'workflowInfo().runId !== "" || ',
    caughtIn: 'workflows/customer/actors',
    title: 'a memory that somebody has made up verifies nobody',
  },
];
