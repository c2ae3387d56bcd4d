import { expect, test } from '@jest/globals';
import { createInputActivities } from '../../activities/input.js';

const { readInput } = createInputActivities({
  clouds: ['default'],
  environment: 'test',
  cloud: () => {
    throw new Error('the cloud was asked');
  },
});

test.each(['constructor', '__proto__', 'toString', 'fly'])(
  '%s is no operation, and that is an answer',
  async (operation) => {
    expect(await readInput({ operation, input: {} })).toMatchObject({
      ok: false,
      problems: [{ path: 'operation', message: `${operation} is unknown to this worker` }],
    });
  },
);
