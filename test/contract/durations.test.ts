import { expect, test } from '@jest/globals';
import { isDuration } from '../../contract/durations.js';

test.each(['7', '30', '0.5', '', 'soon', '7 dayz', '-3 days', '11 years', 7, null])('%j is no duration', (words) => {
  expect(isDuration(words)).toBe(false);
});

test.each(['7 days', '1 second', '2h', '10 years'])('%j is a duration', (words) => {
  expect(isDuration(words)).toBe(true);
});
