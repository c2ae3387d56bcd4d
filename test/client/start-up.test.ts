import { expect, test } from '@jest/globals';
import { readSources } from '../support/imports.js';

const { imports } = readSources(['client', 'contract', 'settings', 'engine', 'catalogue', 'vault']);

/** The packages that a file loads at once, itself or by what it imports. */
function packagesOf(start: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const one of imports) if (one.from === file && !one.typeOnly && !one.dynamic) visit(one.to);
  };
  visit(start);
  return [...seen].filter((one) => !one.endsWith('.ts') && !one.startsWith('node:'));
}

const ofTheHelp = ['commander'];

test('help, version and mistyped commands load neither Temporal nor any check of inputs', () => {
  expect(packagesOf('client/cli/main.ts').toSorted()).toEqual(ofTheHelp);
});

test.each(['up', 'init', 'completion'])('refused usage of %s loads no more than the help does', (command) => {
  expect(packagesOf(`client/cli/${command}/command.ts`).filter((one) => !ofTheHelp.includes(one))).toEqual([]);
});

test('the search of this test finds what a command does load', () => {
  expect(packagesOf('client/cli/plan.ts')).toEqual(expect.arrayContaining(['zod', '@temporalio/client']));
});
