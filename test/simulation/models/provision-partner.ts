import type { OperationModel } from './index.js';

export const provisionPartner: OperationModel = {
  earlier: {
    completed: {},
    // the key has the name in it
    'kept with another language': {
      refused: 'POST /users',
      order: (input) => ({ ...input, partner: { ...(input['partner'] as object), language: 'de' } }),
    },
  },
};
