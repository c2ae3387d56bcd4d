import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { findEngine } from '../../engine/index.js';
import { runProgram } from '../support/command.js';

const program = fileURLToPath(new URL('../../client/cli/demo/main.js', import.meta.url));

/** Runs `npm run demo -- ARGUMENTS` as it is run. */
async function demo(...args: string[]) {
  const { path } = await findEngine();
  return await runProgram(program, args, { TENANTRY_TEMPORAL_CLI: path });
}

/** Which of the processes and addresses that a demonstration named are still there. */
async function leftOf(output: string): Promise<string[]> {
  const pids = [...output.matchAll(/pid (\d+)/g)].map(([, pid]) => pid!);
  const addresses = [...output.matchAll(/runs at (?:http:\/\/)?127\.0\.0\.1:(\d+)/g)].map(([, port]) => port!);
  expect([pids.length > 0, addresses.length]).toEqual([true, 2]);
  const answering = await Promise.all(addresses.map(answers));
  return [...pids.filter(alive), ...addresses.filter((_address, at) => answering[at])];
}

function alive(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

async function answers(port: string): Promise<boolean> {
  const socket = createConnection(Number(port), '127.0.0.1');
  return await new Promise((resolve) => {
    socket.once('connect', () => resolve(socket.destroy() && true));
    socket.once('error', () => resolve(false));
  });
}

test.each([
  ['events', /past_due, 25 units +(older|applied)[^]*repeated[^]*1 customer, 40 workstations, enabled: true; 1 mail/],
  [
    'migration',
    /30 to link, 0 ambiguous, 1 with near names[^]*30 adopted, 0 refused[^]*0 of them change something, and sent 0 mails/,
  ],
  ['protected', /✔ planApplied[^]*✔ protected[^]*1 customer, 1 mail, 1 plan/],
  ['blocked', /tenantry amend provisionCustomer:customer-inc[^]*completed/],
  ['undone', /undone: Undone[^]*\{"tenants":0,"users":0,"mails":0\}/],
  ['outage', /down for 20 s: 5 running[^]*nobody was asked; 5 customers of 5/],
])(
  'the scenario %s ends as it should and leaves nothing running',
  async (scenario, pattern) => {
    const ended = await demo('--scenario', scenario);

    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(pattern) });
    expect(await leftOf(ended.stdout)).toEqual([]);
    // a link to what is stopped leads nowhere
    expect(ended.stdout).not.toContain('The run in');
  },
  240_000,
);

test('without a name a sale is shown, from a signed event to the end of the customer', async () => {
  const { code, stdout } = await demo();

  const story = [
    'what will be broken',
    'plain script of nine calls',
    'half a customer',
    'killed the worker',
    'bought: 25',
    'not paid',
    'paid: enabled',
    '25 → 40',
    'cancelled',
    '1 customer, 1 mail, 0 duplicates; 2 faults, ',
  ];
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(new RegExp([...story, 'nothing left running'].join('[^]*'))),
  });
  expect(await leftOf(stdout)).toEqual([]);
  // calls and JSON are for --verbose
  expect(stdout).not.toMatch(/POST \/users|\{"delivered"/);
}, 240_000);

test('the scenario faults ends as it should, and explains as many calls as it lists', async () => {
  const { code, stdout } = await demo('--scenario', 'faults', '--verbose');

  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /completed[^]*1 customer, 1 mail, 0 duplicates; 3 faults, 0 people asked, [^]*nothing left running/,
    ),
  });
  expect(await leftOf(stdout)).toEqual([]);
  const listed = stdout.match(/^ +\d+ {2}(\d{3}|no answer) /gm)!.length;
  const [, ...counts] = /^ +(\d+) calls: (\d+) of .* ended, (\d+) of .* cut off, (\d+) of the workers/m.exec(stdout)!;
  const [all, reported, cutOff, others] = counts.map(Number);
  expect(all).toBe(listed);
  expect(cutOff).toBe(1);
  expect(others).toBeGreaterThanOrEqual(stdout.match(/POST \/idp\/token/g)!.length);
  expect(reported! + cutOff! + others!).toBe(all);
  expect(stdout).toContain(`at least ${reported} API calls`);
}, 240_000);

test.each([['--scenario', 'flood'], ['--bogus'], ['blocked']])(
  '%s is refused with the list of scenarios',
  async (...args) => {
    const ended = await demo(...args);

    expect(ended).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/sale[^]*events[^]*faults[^]*blocked[^]*undone[^]*outage/),
    });
  },
);
