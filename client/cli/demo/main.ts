import '../quiet.js';
import { Command, Option } from 'commander';
import { reportEnd, reportUncaught } from '../output.js';
import { blocked } from './blocked.js';
import { events } from './events.js';
import { faults } from './faults.js';
import { migration } from './migration.js';
import { outage } from './outage.js';
import { sale } from './sale.js';
import { protectedSale } from './protected.js';
import { beVerbose, INTERRUPTED, runScenario, type Scenario } from './scenario.js';
import { undone } from './undone.js';

/** The scenarios of `npm run demo -- --scenario NAME`. */
const scenarios: Readonly<Record<string, Scenario>> = {
  sale,
  protected: protectedSale,
  events,
  migration,
  faults,
  blocked,
  undone,
  outage,
};
interface Options {
  scenario: string;
  stay?: boolean;
  verbose?: boolean;
}

const known = Object.entries(scenarios).map(([name, { summary }]) => `  ${name.padEnd(9)}  ${summary}`);

const command = new Command('npm run demo --')
  .description('Shows what Tenantry does, on a real Temporal server and a simulated cloud.')
  .addOption(new Option('--scenario <name>', 'which scenario').choices(Object.keys(scenarios)).default('sale'))
  .option('--stay', 'keep everything up at the end, to look around; so it is on a terminal')
  .option('--no-stay', 'stop at the end, also on a terminal')
  .option('--verbose', 'show every call, and answers as JSON')
  .addHelpText('after', `\nScenarios:\n${known.join('\n')}`)
  .allowExcessArguments(false)
  .showHelpAfterError()
  .exitOverride()
  .action(async ({ scenario, stay = process.stdout.isTTY, verbose = false }: Options) => {
    if (verbose) beVerbose();
    process.exitCode = await runScenario(scenarios[scenario]!, stay);
    if (process.exitCode === INTERRUPTED) process.exit();
  });

reportUncaught();
try {
  await command.parseAsync();
} catch (error) {
  process.exitCode = await reportEnd(error);
}
