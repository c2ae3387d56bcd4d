import type { Command } from 'commander';
import type { Cell } from '../../../lookups/index.js';
import { withExamples, type Handle } from '../options.js';
import { agents, plans, protection, resources } from './machines.js';
import { activities, alerts, tasks } from './monitoring.js';
import { applications, editions, items, pricing, usage } from './offer.js';
import { commonOptions, type CommonOptions } from './options.js';
import { addReport } from './report.js';
import { runLookup } from './run.js';
import type { LookupCommand } from './lookup-command.js';
import { search, tree, trial, users } from './tenants.js';

/** `tenantry show WHAT`: looks things up in a cloud. Changes nothing. */
export function addShow(top: Command, handle: Handle): void {
  const show = top.command('show').description('look something up in a cloud, as a table, JSON or CSV');
  show.addHelpText(
    'after',
    '\nEvery look-up of a cloud takes --tenant, --cloud, --limit, --json and --csv, and changes nothing.' +
      '\nExit codes: 0 done, 1 the cloud is out of reach, 2 input refused, or no such tenant',
  );
  withExamples(show, 'show tree', 'show alerts --tenant customer-inc --json');
  const add = <Filter extends object, Row extends Record<keyof Row, Cell>>(shown: LookupCommand<Filter, Row>) =>
    addLookup(show, handle, shown);
  add(tree);
  add(search);
  add(trial);
  add(pricing);
  add(applications);
  add(editions);
  add(items);
  add(usage);
  addReport(show, handle);
  add(users);
  add(agents);
  add(resources);
  add(protection);
  add(plans);
  add(tasks);
  add(activities);
  add(alerts);
}

function addLookup<Filter extends object, Row extends Record<keyof Row, Cell>>(
  show: Command,
  handle: Handle,
  shown: LookupCommand<Filter, Row>,
): void {
  const command = show.command(shown.command).description(shown.summary);
  for (const option of [...shown.options, ...commonOptions()]) command.addOption(option);
  const names = command.registeredArguments.map((argument) => argument.name());
  command.action(
    handle((...args: unknown[]) => {
      const given = Object.fromEntries(names.map((name, at) => [name, args[at]]));
      return runLookup(shown, { ...given, ...command.opts<Filter & CommonOptions>() });
    }),
  );
  withExamples(command, ...shown.examples.map((example) => `show ${example}`));
}
