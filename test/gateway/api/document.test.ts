import { expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { useApi } from './door.js';

const api = useApi();

test('the document keeps the rules of a public linter', async () => {
  const { body } = await api.ask('GET', '/openapi.json', { key: 'read' });
  const config = await createConfig({ extends: ['recommended'] });

  const problems = await lintFromString({ source: JSON.stringify(body), config });

  expect(problems.map(({ ruleId, message, location: [at] }) => `${ruleId}: ${message} ${at?.pointer}`)).toEqual([]);
});
