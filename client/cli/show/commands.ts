import type { Cell } from '../../../lookups/index.js';
import type { CliCommand } from '../command.js';
import { agents, plans, protection, resources } from './machines.js';
import { activities, alerts, tasks } from './monitoring.js';
import { applications, editions, items, pricing, usage } from './offer.js';
import { commonOptions, type CommonOptions, type LookupCommand } from './lookup-command.js';
import { addReport } from './report.js';
import { runLookup } from './run.js';
import { path, search, tree, trial, users } from './tenants.js';

/** `tenantry show WHAT`: looks things up in a cloud. Changes nothing. */
export function addShow(top: CliCommand): void {
  const show = top
    .command('show')
    .description('look something up in a cloud, as a table, JSON or CSV')
    .addHelpText(
      'after',
      '\nEvery look-up of a cloud takes --tenant, --cloud, --limit, --json and --csv, and changes nothing.',
    )
    .exitCodes(
      '0 done, 1 the cloud does not answer or refuses the API client, 2 usage or input refused, or no such tenant',
    )
    .examples('show tree', 'show alerts --tenant customer-inc --json');
  const add = <Filter extends object, Row extends Record<keyof Row, Cell>>(lookup: LookupCommand<Filter, Row>) =>
    addLookup(show, lookup);
  add(tree);
  add(search);
  add(path);
  add(trial);
  add(pricing);
  add(applications);
  add(editions);
  add(items);
  add(usage);
  addReport(show);
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
  show: CliCommand,
  lookup: LookupCommand<Filter, Row>,
): void {
  const command = show.command(lookup.command).description(lookup.summary);
  for (const option of [...lookup.options, ...commonOptions()]) command.addOption(option);
  const names = command.registeredArguments.map((argument) => argument.name());
  command
    .handler((...args: unknown[]) => {
      const given = Object.fromEntries(names.map((name, at) => [name, args[at]]));
      return runLookup(lookup, { ...given, ...command.opts<Filter & CommonOptions>() });
    })
    .examples(...lookup.examples.map((example) => `show ${example}`));
}
