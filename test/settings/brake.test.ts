import { expect, test } from '@jest/globals';
import { defaultBrakeLimits } from '../../contract/brake.js';
import { readSettings } from '../../settings/reader.js';
import { workerSchema } from '../../settings/worker.js';
import { problemsOf } from '../support/problems.js';

const schema = workerSchema.pick({ brake: true });
const read = (text?: string) => readSettings(schema, text === undefined ? {} : { TENANTRY_BRAKE: text }).brake.limits;

test('the brake has limits unless it is off, and a field that is absent is as usual', () => {
  expect(read()).toEqual(defaultBrakeLimits);
  expect(read('off')).toBe('off');
  expect(read('{"hour": 3, "creations": 0}')).toEqual({ ...defaultBrakeLimits, hour: 3, creations: 0 });
});

test.each([
  ['on', /^TENANTRY_BRAKE: must be "off" or JSON such as \{"hour":5/],
  ['{', /^TENANTRY_BRAKE: must be "off" or JSON/],
  ['5', /^TENANTRY_BRAKE: must be "off" or JSON/],
  ['{"hours": 5}', 'has no field hours; its fields are hour, hourShare, day, dayShare, creations'],
  ['{"hour": 1.5}', 'hour must be a whole number from 0 to 5000'],
  ['{"day": -1}', 'day must be a whole number from 0 to 5000'],
  ['{"creations": 5001}', 'creations must be a whole number from 0 to 5000'],
  ['{"hourShare": 2}', 'hourShare must be a share from 0 to 1, such as 0.01'],
])('TENANTRY_BRAKE=%s is refused with the remedy', (text, message) => {
  const [problem] = problemsOf(() => read(text));
  if (typeof message === 'string') expect(problem).toBe(`TENANTRY_BRAKE: ${message}`);
  else expect(problem).toMatch(message);
});
