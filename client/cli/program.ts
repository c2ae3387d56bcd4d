import { Command } from 'commander';
import { version } from '../../settings/version.js';
import { addCancel, addDecisions, addGraceDecisions } from './decisions.js';
import { addDoctor } from './doctor/command.js';
import { addOperations } from './operations.js';
import { withExamples, type Handle } from './options.js';
import { report } from './output.js';
import { addPlan } from './plan.js';
import { addRuns } from './runs.js';
import { addSecrets } from './secret.js';
import { addCodec, addServices, addSimulator } from './services.js';
import { addShow } from './show/commands.js';

const groups = [
  addOperations,
  addPlan,
  addRuns,
  addCancel,
  addDecisions,
  addGraceDecisions,
  addShow,
  addServices,
  addDoctor,
  addSimulator,
  addSecrets,
  addCodec,
];

/** The whole program; `end` gets the exit code of the command that ran. */
export function program(end: (code: number) => void): Command {
  const handle: Handle =
    (act) =>
    async (...args) => {
      const options = args.find((one): one is (typeof args)[number] & { json?: boolean } => isObject(one));
      end(
        await Promise.resolve()
          .then(() => act(...args))
          .catch((error: unknown) => report(error, options?.json === true)),
      );
    };
  const top = new Command('tenantry').version(version()).exitOverride().showHelpAfterError('(see --help)');
  top.description(
    'Turns a billing or CRM event into a working, protected Acronis Cyber Protect Cloud customer, durably.',
  );
  withExamples(
    top,
    'operations',
    'run provisionCustomer --input examples/provisionCustomer.json',
    'list --state blocked',
  );
  for (const add of groups) add(top, handle);
  return top;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
