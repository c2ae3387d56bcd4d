import { describe, expect, test } from '@jest/globals';
import { blockedNote } from '../../client/view.js';

describe('a run that waits for its cloud', () => {
  test.each([
    ['Acronis.Unavailable', 'goes on by itself when the cloud is back, or'],
    [
      'Acronis.Credentials',
      'goes on by itself once you give the workers ACRONIS_CLIENT_ID and ACRONIS_CLIENT_SECRET (',
    ],
    [
      'Tenantry.UnknownCloud',
      'goes on by itself once you start a worker whose file TENANTRY_CLOUDS names the cloud, or',
    ],
  ])('because of %s says what ends that', (type, sentence) => {
    const blocked = {
      step: 'checkLogin',
      type,
      message: 'no',
      since: 'noon',
      choices: [],
      waitsForCloud: true,
    } as const;

    expect(blockedNote('some:run', { ...blocked, choices: [] }).text).toContain(
      `waits at checkLogin since noon; ${sentence}`,
    );
  });
});
